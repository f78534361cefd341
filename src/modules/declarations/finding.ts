export type FindingLevel = 'info' | 'warning' | 'block';

/** What one check has to say about a declaration. */
export interface Finding {
  /** Stable, kebab-case; part of the public contract. */
  readonly code: string;
  readonly level: FindingLevel;
  /** The line of the declaration it is about, 1-based; absent when it is about the whole. */
  readonly line?: number;
  readonly itemId?: string;
  /** One sentence for people. Names nothing that belongs to another organisation: the exporter reads it. */
  readonly because: string;
  /** What it rests on, for customs and regulators: ids, organisations, scores, lines. */
  readonly evidence?: { readonly [name: string]: string | number | boolean | readonly (string | number)[] };
}

/** What the checks' findings mean for the declaration: a block refuses, a warning asks a regulator, else it is verified. */
export function outcomeOf(findings: readonly Finding[]): 'verified' | 'needs-review' | 'refused' {
  if (findings.some((finding) => finding.level === 'block')) return 'refused';
  return findings.some((finding) => finding.level === 'warning') ? 'needs-review' : 'verified';
}
