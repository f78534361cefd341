import type { Instant } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Declaration, DeclarationState, Party } from './declaration.ts';
import { printedNumber } from './registry-numbers.ts';

export interface CertificateItem {
  readonly line: number;
  readonly kind: string;
  readonly maker: string;
  readonly model?: string;
  readonly serial: string;
  /** True when the registry issued the mark because the maker gave none. */
  readonly assignedMark: boolean;
}

/** What the certificate of a verified declaration says. Codes as filed: ISO 3166-1 alpha-2, UN/LOCODE, ISO 8601. */
export interface CertificateView {
  /** With hyphens. */
  readonly printedNumber: string;
  /** What the QR code holds. */
  readonly checkUrl: string;
  readonly reference: string;
  readonly exporter: { readonly org: string; readonly country: string };
  readonly regime?: string;
  readonly destination: string;
  readonly consignee: Party;
  readonly endUser: Party;
  readonly endUse: string;
  readonly portOfExit: string;
  readonly transport: string;
  readonly plannedExit: string;
  readonly licence?: string;
  readonly filedAt: Instant;
  readonly verifiedAt: Instant;
  readonly expiresAt?: Instant;
  /** Once the number has been used: when, and where if that was said. */
  readonly usedAt?: Instant;
  readonly usedPlace?: string;
  readonly ruleSet?: string;
  readonly items: readonly CertificateItem[];
}

const CERTIFIED: readonly DeclarationState[] = ['verified', 'exited', 'arrived'];

/**
 * The certificate of `declaration`, worked out from the record alone, so that it is the same whenever it is asked for.
 * @param publicUrl where people reach the registry, without a slash at the end
 * @throws Failure `conflict` / `no-certificate` unless the declaration is verified, exited or arrived
 */
export function certificateView(declaration: Declaration, publicUrl: string): CertificateView {
  const { state, number, moves, content, expiresAt, verification } = declaration;
  const verified = moves.findLast((move) => move.state === 'verified');
  if (!CERTIFIED.includes(state) || number === undefined || verified === undefined) {
    throw new Failure('conflict', 'no-certificate', `A declaration that is ${state} has no certificate.`);
  }
  const exited = moves.findLast((move) => move.type === 'exited');
  const { regime, destination, consignee, endUser, endUse, portOfExit, transport, plannedExit, licence } =
    content.consignment;
  return {
    printedNumber: printedNumber(number),
    checkUrl: `${publicUrl}/?number=${number}`,
    reference: declaration.reference,
    exporter: { org: declaration.org, country: declaration.country },
    ...(regime === undefined ? {} : { regime }),
    destination,
    consignee,
    endUser,
    endUse,
    portOfExit,
    transport,
    plannedExit,
    ...(licence === undefined ? {} : { licence: typeof licence === 'string' ? licence : licence.number }),
    filedAt: declaration.filedAt,
    verifiedAt: verified.recordedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(exited === undefined ? {} : { usedAt: exited.occurredAt }),
    ...(exited?.place === undefined ? {} : { usedPlace: exited.place }),
    ...(verification.ruleSet === undefined ? {} : { ruleSet: verification.ruleSet }),
    items: content.lines.map(({ line, kind, maker, model, serial, assignedMark }) => ({
      line,
      kind,
      maker,
      ...(model === undefined ? {} : { model }),
      serial,
      assignedMark,
    })),
  };
}
