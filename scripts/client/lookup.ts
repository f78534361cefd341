import type { Access } from './api.ts';
import { ask } from './api.ts';

interface LookupView {
  readonly verdict: string;
  readonly reasons: readonly { readonly because: string }[];
  readonly matches: readonly {
    readonly item: {
      readonly itemId: string;
      readonly kind: string;
      readonly makerName: string;
      readonly serial: string;
    };
    readonly match: string;
    readonly history: readonly { readonly occurredAt: string; readonly type: string }[];
  }[];
}

export interface LookupOptions {
  readonly maker?: string;
  readonly kind?: string;
  readonly case?: string;
}

/** What is known of a serial as it was read. @throws Refused */
export function lookup(
  access: Access,
  serial: string,
  { maker, kind, case: caseRef }: LookupOptions,
): Promise<LookupView> {
  const given = Object.entries({ serial, maker, kind, case: caseRef }).filter(
    ([, value]) => value !== undefined,
  );
  return ask(access, `/v1/lookup?${new URLSearchParams(given as [string, string][]).toString()}`);
}

/** The same for people: verdict, reasons, and each match with its history. */
export function lookupReport({ verdict, reasons, matches }: LookupView): string {
  return [
    verdict.toUpperCase(),
    ...reasons.map(({ because }) => `  ${because}`),
    ...matches.flatMap(({ item, match, history }) => [
      `${item.serial}  ${item.kind} of ${item.makerName}, ${match} match, ${item.itemId}`,
      ...history.map(({ occurredAt, type }) => `  ${occurredAt.slice(0, 10)}  ${type}`),
    ]),
  ].join('\n');
}
