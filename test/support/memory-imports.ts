import type {
  Import,
  ImportPart,
  ImportParts,
  ImportStore,
  PartKey,
} from '../../src/modules/imports/index.ts';
import { createMemoryRecords } from './memory-records.ts';

/** What is kept: texts, so that nobody shares an object with the store, by id. */
export type ImportRecords = Map<string, string>;
/** Parts by import, kind and number. */
export type PartRecords = Map<string, ImportPart>;

/** Imports as a double that keeps them in this process. */
export function createMemoryImportStore(records: ImportRecords): ImportStore {
  const { all, get, keep, latestFirst, methods } = createMemoryRecords<Import>(records);
  const holder = (org: string, fileKey: string | undefined): Import | undefined =>
    fileKey === undefined ? undefined : all().find((one) => one.org === org && one.fileKey === fileKey);

  return {
    ...methods,
    async replace(previous, next) {
      if (get(previous.id)?.version !== previous.version) return 'overtaken';
      const held = holder(next.org, next.fileKey);
      if (held !== undefined && held.id !== next.id) return 'file-taken';
      keep(next);
      return 'replaced';
    },
    async remove({ id, version }) {
      if (get(id)?.version === version) records.delete(id);
    },
    findByFile: async (org, fileKey) => holder(org, fileKey) ?? null,
    async list({ org, after, limit }) {
      return latestFirst(after)
        .filter((one) => org === undefined || one.org === org)
        .slice(0, limit);
    },
  };
}

/** What imports keep, as a double that keeps it in this process. */
export function createMemoryImportParts(records: PartRecords): ImportParts {
  const keyOf = ({ importId, kind, no }: PartKey) => `${importId} ${kind} ${String(no).padStart(16, '0')}`;
  const sorted = () => [...records].sort(([a], [b]) => (a < b ? -1 : 1));
  const isOf = (part: PartKey, importId: string, kind: string, no: number): boolean =>
    part.importId === importId && part.kind === kind && part.no > no;
  const copy = (part: ImportPart): ImportPart => ({ ...part, content: Buffer.from(part.content) });

  return {
    async add(parts) {
      for (const part of parts) if (!records.has(keyOf(part))) records.set(keyOf(part), copy(part));
    },
    async after(importId, kind, no, limit) {
      const found = sorted().filter(([, part]) => isOf(part, importId, kind, no));
      return found.slice(0, limit).map(([, part]) => copy(part));
    },
    async drop(importId, kind, no) {
      for (const [key, part] of records) if (isOf(part, importId, kind, no)) records.delete(key);
    },
    count: async () => records.size,
    async page(after, limit) {
      const found = sorted().filter(([key]) => after === null || key > keyOf(after));
      return found.slice(0, limit).map(([, part]) => copy(part));
    },
  };
}
