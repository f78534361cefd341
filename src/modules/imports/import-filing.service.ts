import type { Fault } from '../../kernel/failure.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { DeclarationInput, DeclarationService } from '../declarations/index.ts';
import { filingFaults, MAX_ITEMS, requestHash } from '../declarations/index.ts';
import type { Gathered } from './gathering.ts';
import { blamed, gather, refusedRows } from './gathering.ts';
import type { ImportPart } from './import.ports.ts';
import type { AcceptedRow, Import, Progress, RefusedRow, RowFault } from './import.ts';
import { outcomeParts, ROWS_A_PART } from './outcomes.ts';
import type { StagedGroup, Staging } from './staging.ts';

/** What became of a group of rows. */
export interface Settled {
  readonly group: StagedGroup;
  readonly accepted?: { readonly declarationId: string; readonly isUnchanged: boolean };
  readonly refused?: readonly RefusedRow[];
}

/** Files groups of rows as declarations, or says why it can't. */
export function createImportFiling(declarations: DeclarationService) {
  /** What would become of a group: `refused` when it can't be filed as things are. */
  async function tried({ by }: Import, group: StagedGroup): Promise<Settled> {
    const looked = looks(group);
    if (looked.faults.size > 0) return refused(group, looked);
    const input = looked.body as unknown as DeclarationInput;
    const faults = declarations.faultsOf(by, input);
    if (faults.length > 0) return refused(group, looked, faults);
    const holder = await declarations.filed(by, input.reference);
    const isFree = holder === null || holder.bodyHash === requestHash(input);
    return isFree ? { group } : refused(group, looked, [REFERENCE_TAKEN]);
  }

  /** Files a group, or finds that it was filed before with the same content. */
  async function file({ id, by }: Import, group: StagedGroup): Promise<Settled> {
    const looked = looks(group);
    if (looked.faults.size > 0) return refused(group, looked);
    const input = looked.body as unknown as DeclarationInput;
    const bodyHash = requestHash(input);
    try {
      // A space keeps it apart from the keys of requests.
      const key = `import ${id} ${input.reference}`;
      const { declaration } = await declarations.file(by, input, { key, bodyHash });
      return { group, accepted: { declarationId: declaration.id, isUnchanged: false } };
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (error.kind === 'invalid') return refused(group, looked, error.faults);
      if (error.kind !== 'conflict') throw error;
      const holder = await declarations.filed(by, input.reference);
      return holder?.bodyHash === bodyHash
        ? { group, accepted: { declarationId: holder.id, isUnchanged: true } }
        : refused(group, looked, [REFERENCE_TAKEN]);
    }
  }

  return { tried, file };
}

/** The group as a body, with what can be said of it without the register. */
function looks(group: StagedGroup): Gathered {
  const gathered = gather(group.rows);
  if (group.rowCount > group.rows.length) return blamed(gathered, [tooMany(group.rowCount)]);
  return blamed(gathered, filingFaults(gathered.body));
}

function refused(group: StagedGroup, looked: Gathered, faults: readonly Fault[] = []): Settled {
  return { group, refused: refusedRows(blamed(looked, faults)) };
}

/** What became of the rows of a group, as it is kept. */
export function notesOf(id: string, { group, accepted, refused }: Settled, staging: Staging): ImportPart[] {
  const { first, rows } = group;
  if (refused !== undefined) {
    const parts = outcomeParts(id, 'refused', { first }, refused);
    return [...parts, ...surplusOf(id, group, staging, parts.length)];
  }
  if (accepted === undefined) return [];
  const { declarationId } = accepted;
  const reference = String(rows[0]?.cells['reference'] ?? '').trim();
  const noted = rows.map(({ row, line }): AcceptedRow => ({ row, line, declarationId, reference }));
  return outcomeParts(id, 'accepted', { first }, noted);
}

/** Rows of a group that has too many, from where the others end. */
function surplusOf(id: string, group: StagedGroup, staging: Staging, partsBefore: number): ImportPart[] {
  const found: ImportPart[] = [];
  const { code, message } = tooMany(group.rowCount);
  const fault: RowFault = { column: '', code, message };
  let last = group.rows.at(-1)?.row ?? 0;
  for (let seen = group.rows.length; seen < group.rowCount;) {
    const rows = staging.rowsOf(group.first, last, ROWS_A_PART);
    const part = partsBefore + found.length;
    const noted = rows.map((row): RefusedRow => ({ ...row, faults: [...(row.faults ?? []), fault] }));
    found.push(...outcomeParts(id, 'refused', { first: group.first, part }, noted));
    seen += rows.length;
    last = rows.at(-1)?.row ?? 0;
  }
  return found;
}

/** How far an import is once these groups are settled. */
export function progressed(before: Progress, settled: readonly Settled[]): Partial<Progress> {
  const rows = (some: readonly Settled[]) => some.reduce((sum, { group }) => sum + group.rowCount, 0);
  const accepted = settled.filter((each) => each.accepted !== undefined);
  const unchanged = accepted.filter((each) => each.accepted?.isUnchanged === true).length;
  return {
    rowsAccepted: before.rowsAccepted + rows(accepted),
    rowsRefused: before.rowsRefused + rows(settled.filter((each) => each.refused !== undefined)),
    declarationsFiled: before.declarationsFiled + accepted.length - unchanged,
    declarationsUnchanged: before.declarationsUnchanged + unchanged,
    doneUpTo: settled.at(-1)?.group.first ?? before.doneUpTo,
  };
}

const REFERENCE_TAKEN: Fault = {
  field: 'reference',
  code: 'reference-taken',
  message: 'reference is taken: your organisation has filed another declaration under it.',
};

function tooMany(rows: number): Fault {
  return {
    field: 'items',
    code: 'too-many',
    message: `The declaration has ${rows} rows; ${MAX_ITEMS} are the most.`,
  };
}
