import type { Step } from './row.ts';
import type { AuditSources } from './sources.ts';

/** What an audit can be told; each report says which of it it heeds. */
export interface AuditSettings {
  /** After how many days something counts as overdue, or how far back to look. */
  readonly days?: number;
  /** Code of the regime to hold declarations against. */
  readonly regime?: string;
}

/** What a report goes through. */
export type Source = 'items' | 'declarations' | 'lookups';

/** A report over the whole register: reads at constant memory, and finds the same in the same register. */
export interface Report {
  readonly name: string;
  readonly title: string;
  /** Which rows it has and why somebody should look at them. */
  readonly description: string;
  /** Its own columns, in order. */
  readonly columns: readonly string[];
  readonly source: Source;
  /** The settings that it heeds. */
  readonly heeds: readonly (keyof AuditSettings)[];
  /** What holds for those that are left out. */
  readonly defaults: AuditSettings;
  /**
   * From a position that a step gave, or from the beginning. Whatever was found before that position is not found
   * again; the rest is.
   */
  run(sources: AuditSources, settings: AuditSettings, from: string | null): AsyncGenerator<Step, void, void>;
}
