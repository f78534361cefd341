import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCatalogue, type Catalogue, type CatalogueContents } from './catalogue.ts';
import { CATALOGUE_FILES, parseList, type CatalogueList } from './catalogue.schema.ts';
import { inconsistencies } from './consistency.ts';
import { parseFtmLines } from './watched-party.schema.ts';

const WATCHLIST = 'watchlist.ftm.jsonl';
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads and checks the whole catalogue; for the start of a process.
 * @param directory holds the six JSON files and, unless `watchlistFile` names another, the watch list.
 * @throws Error with one sentence that names the file and the place in it.
 */
export function loadCatalogue(
  directory: string,
  watchlistFile: string = join(directory, WATCHLIST),
): Catalogue {
  const hash = createHash('sha256');
  const read = <Value>(file: string, parse: (text: string) => Value): Value =>
    naming(file, () => {
      const bytes = readFileSync(file);
      hash.update(`${String(bytes.length)}:`).update(bytes);
      return parse(UTF8.decode(bytes));
    });
  const list = <List extends CatalogueList>(name: List): CatalogueContents[List] =>
    read(pathOf(directory, name), (text) => parseList(name, parseJson(text)));

  const lists = {
    kinds: list('kinds'),
    makers: list('makers'),
    models: list('models'),
    regimes: list('regimes'),
    hs: list('hs'),
    restrictedDestinations: list('restrictedDestinations'),
    watchedParties: read(watchlistFile, parseFtmLines),
  };
  const contents: CatalogueContents = { ...lists, version: hash.digest('hex').slice(0, 12) };
  const [first] = inconsistencies(contents);
  if (first !== undefined) {
    const file = pathOf(directory, first.list);
    throw new Error(`${file}: ${CATALOGUE_FILES[first.list].list}${first.path}: ${first.fault}`);
  }
  return createCatalogue(contents);
}

function pathOf(directory: string, list: CatalogueList): string {
  return join(directory, CATALOGUE_FILES[list].file);
}

function naming<Value>(file: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${file}: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'cannot be read';
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'is missing';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8';
  return cause.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`is not JSON (${cause instanceof Error ? cause.message : 'unreadable'})`, { cause });
  }
}
