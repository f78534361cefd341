import { SaxesParser } from 'saxes';
import { UnreadableFile } from './import.ts';

export interface XmlEvents {
  /** `name` without a prefix; so are the names of attributes. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/**
 * Reads XML that comes in pieces; after each of them the caller gets a turn.
 * @throws UnreadableFile when it is not well formed, or declares entities or a type
 */
export async function* readXml(
  pieces: AsyncIterable<string | Buffer>,
  { open, text, close }: XmlEvents,
): AsyncGenerator<void, void, void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  parser.on('error', (cause) => {
    throw new UnreadableFile(
      'xlsx-unreadable',
      'A part of the workbook is no well-formed XML.',
      undefined,
      cause,
    );
  });
  parser.on('doctype', () => {
    throw new UnreadableFile('xlsx-unreadable', 'A part of the workbook declares a document type.');
  });
  parser.on('opentag', ({ name, attributes }) => {
    const plain: Record<string, string> = {};
    for (const key of Object.keys(attributes)) plain[bare(key)] = attributes[key] ?? '';
    open(bare(name), plain);
  });
  parser.on('closetag', ({ name }) => close(bare(name)));
  parser.on('text', text);
  parser.on('cdata', text);
  for await (const piece of pieces) {
    parser.write(typeof piece === 'string' ? piece : decoded(decoder, piece));
    yield;
  }
  parser.close();
  yield;
}

function decoded(
  decoder: { decode(bytes: Uint8Array, options: { stream: true }): string },
  piece: Buffer,
): string {
  try {
    return decoder.decode(piece, { stream: true });
  } catch (cause) {
    throw new UnreadableFile('not-utf8', 'A part of the workbook is not UTF-8.', undefined, cause);
  }
}

function bare(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
