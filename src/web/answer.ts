/** What `GET /v1/lookup` answers, as far as the page shows it. */
export interface Answer {
  readonly lookupId: string;
  readonly at: string;
  readonly query: { readonly serial: string; readonly serialKey: string; readonly maker?: string };
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly matches: readonly Match[];
  readonly truncated?: boolean;
}

export type Verdict = 'clear' | 'caution' | 'stop' | 'unknown';

export interface Reason {
  readonly code: string;
  readonly level: 'info' | 'caution' | 'stop';
  readonly because: string;
  readonly itemId?: string;
}

export interface Match {
  readonly item: Item;
  /** The mark the serial as read was compared with: as registered, or as re-stamped. */
  readonly marked: string;
  readonly match: 'exact' | 'normalised' | 'confusable';
  /** 0 to 1; 1 only when the serial and all else that was asked for fit exactly. */
  readonly score: number;
  readonly differences: readonly Difference[];
  readonly history: readonly ItemEvent[];
  readonly historyTruncated: boolean;
}

export interface Item {
  readonly itemId: string;
  readonly makerName: string;
  readonly kind: string;
  readonly serial: string;
  readonly serialKey: string;
  readonly model?: string;
  readonly stations?: number;
  readonly year?: number;
  readonly status: string;
  readonly country?: string;
  readonly assignedMark: boolean;
}

/** `position` is an index into the item's serialKey, -1 when only the form differs. */
export interface Difference {
  readonly position: number;
  readonly read: string;
  readonly marked: string;
  readonly kind: 'confusable' | 'form';
}

export interface ItemEvent {
  readonly seq: number;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: { readonly org: string; readonly role: string; readonly country: string };
  readonly org?: string;
  readonly declarationId?: string;
  readonly place?: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

/** The part of `GET /v1/catalogue` that fills the form. */
export interface Catalogue {
  readonly kinds: readonly { readonly code: string; readonly label: string }[];
  readonly makers: readonly { readonly name: string }[];
}
