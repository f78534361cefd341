import type { DeclarationSummary } from './declaration.ports.ts';
import type { Content, Declaration, DeclarationState } from './declaration.ts';

/** A row of the table `declarations` with its content. */
export interface Row {
  id: string;
  org: string;
  reference: string;
  idempotency_key: string | null;
  version: number;
  state: DeclarationState;
  filed_at: string;
  due_at: string | null;
  number: string | null;
  items: number;
  content: string;
  record: string;
}

export type SummaryRow = Pick<Row, 'id' | 'org' | 'reference' | 'state' | 'filed_at' | 'number' | 'items'>;

type Columns =
  | 'id'
  | 'org'
  | 'reference'
  | 'idempotencyKey'
  | 'version'
  | 'state'
  | 'filedAt'
  | 'dueAt'
  | 'number'
  | 'content';

/** What of a declaration has no column of its own. */
export function recordOf(declaration: Declaration): string {
  const { id, org, reference, idempotencyKey, version, state, filedAt, dueAt, number, content, ...record } =
    declaration;
  return JSON.stringify(record satisfies Omit<Declaration, Columns>);
}

export function toDeclaration(row: Row): Declaration {
  return {
    ...(JSON.parse(row.record) as Omit<Declaration, Columns>),
    id: row.id,
    org: row.org,
    reference: row.reference,
    ...(row.idempotency_key === null ? {} : { idempotencyKey: row.idempotency_key }),
    version: row.version,
    state: row.state,
    filedAt: row.filed_at,
    dueAt: row.due_at,
    ...(row.number === null ? {} : { number: row.number }),
    content: JSON.parse(row.content) as Content,
  };
}

export function toSummary(row: SummaryRow): DeclarationSummary {
  const { id, org, reference, state, filed_at: filedAt, number, items: itemCount } = row;
  return { id, org, reference, state, filedAt, ...(number === null ? {} : { number }), itemCount };
}
