import type { Instant } from '../../kernel/clock.ts';
import type { Import } from './import.ts';

export type ReplaceOutcome =
  | 'replaced'
  /** Someone else was first; nothing changed. */
  | 'overtaken'
  /** Another import of this organisation holds the file key; nothing changed. */
  | 'file-taken';

/** Imports as records: each method reads or writes one of them at a time, atomically. When one fails its outcome is unknown. */
export interface ImportStore {
  /** Keeps a new one. Durable on return. */
  insert(one: Import): Promise<void>;
  /** Replaces `previous` by `next` when the stored version is still `previous.version`. Durable on return. */
  replace(previous: Import, next: Import): Promise<ReplaceOutcome>;
  /** Takes one away, when the stored version is still this one's. */
  remove(one: Import): Promise<void>;
  find(id: string): Promise<Import | null>;
  /** The one of this organisation that holds this file key. */
  findByFile(org: string, fileKey: string): Promise<Import | null>;
  /** Latest first. */
  list(query: {
    readonly org?: string;
    readonly after?: { readonly createdAt: Instant; readonly id: string };
    readonly limit: number;
  }): Promise<Import[]>;
  /** Ids of imports due at `now` or before, the longest due first. */
  due(now: Instant, limit: number): Promise<string[]>;
  /** How many there are; may be an estimate on a large register. */
  count(): Promise<number>;
  /** Those after the one of this id, in order of id. */
  page(afterId: string | null, limit: number): Promise<Import[]>;
  /** Keeps records of a copy of this register as they are; one that is there gives way to a later version. */
  adopt(imports: readonly Import[]): Promise<void>;
}

/** `file`: a piece of the file as sent. `accepted`, `refused`: what became of rows, in JSON. */
export type PartKind = 'file' | 'accepted' | 'refused';

export interface PartKey {
  readonly importId: string;
  readonly kind: PartKind;
  /** Of a piece, its place in the file; of outcomes, the first of their rows. */
  readonly no: number;
}

/** A part of what an import keeps; at most a few megabytes. */
export interface ImportPart extends PartKey {
  readonly content: Buffer;
}

/** What imports keep besides their records: files while they are worked on, and what became of each row. */
export interface ImportParts {
  /** Keeps parts; one that is there stays as it is. Durable on return. */
  add(parts: readonly ImportPart[]): Promise<void>;
  /** Parts of one import and kind with a greater `no`, in its order. */
  after(importId: string, kind: PartKind, no: number, limit: number): Promise<ImportPart[]>;
  /** Takes away the parts of one import and kind with a greater `no`. */
  drop(importId: string, kind: PartKind, no: number): Promise<void>;
  /** How many there are; may be an estimate on a large register. */
  count(): Promise<number>;
  /** Those after the one of this key, in order of import, kind and number. */
  page(after: PartKey | null, limit: number): Promise<ImportPart[]>;
}
