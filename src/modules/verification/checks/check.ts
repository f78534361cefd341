import type { Declaration, Finding, FindingLevel, Line } from '../../declarations/index.ts';
import type { ItemEvent, ItemWithHead } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { quoted } from '../../../kernel/wording.ts';

/** One question put to a declaration: a pure function of the facts, with a stable code or a few. */
export type Check = (facts: Facts) => Finding[];

/** The most findings of one code that are told apart; this project's choice. */
const MAX_OF_A_CODE = 20;

const SEVERITY: Record<FindingLevel, number> = { block: 2, warning: 1, info: 0 };

/** A finding about one line and its item. */
export function aboutLine(
  line: Line,
  finding: Pick<Finding, 'code' | 'level' | 'because' | 'evidence'>,
): Finding {
  return { ...finding, line: line.line, itemId: line.itemId };
}

/** True when the event ends what its declaration claimed: it was withdrawn, expired or refused. */
export function endsClaim({ type, detail }: ItemEvent): boolean {
  if (type === 'flagged' || type === 'reviewed') return detail['outcome'] === 'refused';
  return type === 'withdrawn';
}

/**
 * Tells items that this declaration registered, then dropped, and that were not declared anew since: that is how a
 * corrected typing error looks. An item is registered at the very instant of a move; which instant comes first says
 * nothing, because clocks can be apart.
 */
export function mistypedIn(declaration: Declaration): (other: ItemWithHead) => boolean {
  const dropped = new Set(
    declaration.moves.flatMap((move) => (move.dropped ?? []).map((line) => line.itemId)),
  );
  const instants = new Set(declaration.moves.map((move) => move.recordedAt));
  return ({ item, head }) =>
    dropped.has(item.itemId) && instants.has(item.registeredAt) && head.status === 'withdrawn';
}

/** How a sentence names a line's item: `upper punch "ZP33-U01"`. */
export function nameOf({ catalogue }: Facts, line: Pick<Line, 'kind' | 'serial'>): string {
  return `${kindName(catalogue, line.kind)} ${quoted(line.serial)}`;
}

/** A kind's label as it stands within a sentence. */
export function kindName(catalogue: Facts['catalogue'], kind: string): string {
  return catalogue.findKind(kind)?.label.toLowerCase() ?? kind;
}

/**
 * At most 20 findings of each code, the gravest first; one more, as grave as the gravest that it stands for, tells
 * how many further lines there are and lists them.
 */
export function capped(findings: readonly Finding[]): Finding[] {
  const byCode = new Map<string, Finding[]>();
  for (const finding of findings) {
    const alike = byCode.get(finding.code);
    if (alike === undefined) byCode.set(finding.code, [finding]);
    else alike.push(finding);
  }
  return [...byCode.values()].flatMap((alike) => (alike.length <= MAX_OF_A_CODE ? alike : shortened(alike)));
}

function shortened(alike: readonly Finding[]): Finding[] {
  const sorted = alike.toSorted((one, other) => SEVERITY[other.level] - SEVERITY[one.level]);
  const rest = sorted.slice(MAX_OF_A_CODE);
  const [gravest] = rest;
  if (gravest === undefined) return sorted;
  const lines = rest.flatMap((finding) => finding.line ?? []);
  const because = `The same goes for ${rest.length} more line${rest.length === 1 ? '' : 's'}.`;
  const summary = {
    code: gravest.code,
    level: gravest.level,
    because,
    evidence: { more: rest.length, lines },
  };
  return [...sorted.slice(0, MAX_OF_A_CODE), summary];
}
