import type { Call, Route } from '../../platform/http/index.ts';
import { actorOf, idParams } from '../../platform/http/index.ts';
import type { CertificateView } from './certificate.ts';
import { certificateView } from './certificate.ts';
import type { DeclarationService } from './declaration.service.ts';

export interface CertificateRouteParts {
  readonly declarations: DeclarationService;
  /** Where people reach the registry; it is part of the QR code. */
  readonly publicUrl: string;
}

/** What draws takes 30 MiB of memory, so it is loaded with the first certificate. */
const drawing = {
  pdf: () => import('./certificate.pdf.ts'),
  qr: () => import('./qr.bwip.ts'),
};
const PDF = 'application/pdf';
const SVG = 'image/svg+xml';
const PNG = 'image/png';

/** The calls that give a verified declaration's number in forms to print. */
export function certificateRoutes({ declarations, publicUrl }: CertificateRouteParts): Route[] {
  const common = {
    method: 'get',
    action: 'declaration.certificate',
    tag: 'Declarations',
    params: idParams,
  } as const;
  const answers = (mediaType: string) => ({
    200: { description: 'The file', mediaType },
    409: { description: 'The declaration is not verified: it has no valid number' },
  });
  return [
    {
      ...common,
      path: '/v1/declarations/{id}/certificate',
      operationId: 'getCertificate',
      summary: 'The certificate of a verified declaration, as PDF',
      answers: answers(PDF),
      async handle(call) {
        const view = await viewFor(call);
        const headers = { 'content-disposition': `inline; filename="${view.printedNumber}.pdf"` };
        const { certificatePdf } = await drawing.pdf();
        return { status: 200, text: await certificatePdf(view), mediaType: PDF, headers };
      },
    },
    {
      ...common,
      path: '/v1/declarations/{id}/qr.svg',
      operationId: 'getQrSvg',
      summary: "The QR code of a verified declaration's number, as SVG",
      answers: answers(SVG),
      async handle(call) {
        const { checkUrl } = await viewFor(call);
        const { qrSvg } = await drawing.qr();
        return { status: 200, text: qrSvg(checkUrl), mediaType: SVG };
      },
    },
    {
      ...common,
      path: '/v1/declarations/{id}/qr.png',
      operationId: 'getQrPng',
      summary: "The QR code of a verified declaration's number, as PNG",
      answers: answers(PNG),
      async handle(call) {
        const { checkUrl } = await viewFor(call);
        const { qrPng } = await drawing.qr();
        return { status: 200, text: await qrPng(checkUrl), mediaType: PNG };
      },
    },
  ];

  async function viewFor(call: Call): Promise<CertificateView> {
    const { id } = call.params as { id: string };
    return certificateView(await declarations.get(actorOf(call), id), publicUrl);
  }
}
