import type {
  Import,
  ImportPart,
  ImportParts,
  ImportStore,
  PartKey,
} from '../../src/modules/imports/index.ts';

/** What is kept: texts, so that nobody shares an object with the store, by id. */
export type ImportRecords = Map<string, string>;
/** Parts by import, kind and number. */
export type PartRecords = Map<string, ImportPart>;

/** Imports as a double that keeps them in this process. */
export function createMemoryImportStore(records: ImportRecords): ImportStore {
  const all = (): Import[] => [...records.values()].map((text) => JSON.parse(text) as Import);
  const get = (id: string): Import | null => {
    const text = records.get(id);
    return text === undefined ? null : (JSON.parse(text) as Import);
  };
  const keep = (one: Import): void => void records.set(one.id, JSON.stringify(one));
  const holder = (org: string, fileKey: string | undefined): Import | undefined =>
    fileKey === undefined ? undefined : all().find((one) => one.org === org && one.fileKey === fileKey);

  return {
    async insert(one) {
      if (!records.has(one.id)) keep(one);
    },
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
    find: async (id) => get(id),
    findByFile: async (org, fileKey) => holder(org, fileKey) ?? null,
    async list({ org, after, limit }) {
      const placeOf = ({ createdAt, id }: { createdAt: string; id: string }) => `${createdAt} ${id}`;
      return all()
        .filter((one) => org === undefined || one.org === org)
        .filter((one) => after === undefined || placeOf(one) < placeOf(after))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
        .slice(0, limit);
    },
    async due(now, limit) {
      return all()
        .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
        .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },
    count: async () => records.size,
    async page(afterId, limit) {
      return all()
        .filter(({ id }) => id > (afterId ?? ''))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
    },
    async adopt(imports) {
      for (const one of imports) if ((get(one.id)?.version ?? 0) < one.version) keep(one);
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
