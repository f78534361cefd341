import { canonicalJson } from '../../../../src/kernel/canonical-json.ts';
import { stepView } from '../../../../src/modules/declarations/declaration-view.ts';
import { mayMove } from '../../../../src/modules/declarations/transition.ts';
import type { ItemEvent } from '../../../../src/modules/register/index.ts';
import type { Intent, Sending } from '../ledger.ts';
import { acknowledged } from '../ledger.ts';
import type { Evidence } from './evidence.ts';
import { doubles } from './evidence.ts';

/** What people were told is so: nothing is lost, nothing is doubled, and no refusal was wrong. */
export function answersBroken(evidence: Evidence): string[] {
  const broken: string[] = [];
  for (const { intent, answers } of acknowledged(evidence.ledger)) {
    if (new Set(answers).size > 1) broken.push(`${intent.what}: was answered in two ways`);
    const [answer = '{}'] = answers;
    broken.push(...lost(evidence, intent, answer).map((what) => `${intent.what}: ${what}`));
  }
  broken.push(...keylessDoubled(evidence));
  for (const sending of evidence.ledger.sendings) {
    if (sending.outcome !== 'refused') continue;
    const wrong = refusalWrong(evidence, sending);
    if (wrong !== null) broken.push(`${sending.intent.what}: refused as ${sending.failure?.code}, ${wrong}`);
  }
  return [...broken, ...lookupsLost(evidence)];
}

function lost({ declarations, items }: Evidence, { about, key, actor }: Intent, answer: string): string[] {
  switch (about.kind) {
    case 'filing': {
      const { id } = JSON.parse(answer) as { id: string };
      const stored = declarations.get(id);
      if (stored === undefined) return ['was acknowledged and is lost'];
      const isIt =
        stored.idempotencyKey === key && stored.bodyHash === about.bodyHash && stored.org === actor.org;
      return isIt && stored.reference === about.reference ? [] : ['is another one'];
    }
    case 'step': {
      const stored = declarations.get(about.declarationId);
      const { move } = JSON.parse(answer) as { move: { no: number } };
      const made = stored?.moves[move.no - 1];
      if (stored === undefined || made === undefined) return ['was acknowledged and is lost'];
      return made.key === key && JSON.stringify(stepView(stored, made)) === answer ? [] : ['is another one'];
    }
    case 'event': {
      const told = JSON.parse(answer) as ItemEvent;
      const stored = items.get(about.itemId)?.events.filter(({ eventId }) => eventId === told.eventId) ?? [];
      if (stored.length === 0) return ['was acknowledged and is lost'];
      return stored.length === 1 && canonicalJson(stored[0]) === canonicalJson(told)
        ? []
        : ['is not as acknowledged'];
    }
  }
}

/** Without a key nobody can tell a repeated request from a new one; but one request is still done once at most. */
function keylessDoubled({ declarations, ledger }: Evidence): string[] {
  return [...declarations.values()].flatMap(({ id, org, reference, idempotencyKey, moves }) => {
    const filings = ledger.sendings.filter(
      ({ intent: { about, key, actor }, outcome }) =>
        about.kind === 'filing' &&
        actor.org === org &&
        about.reference === reference &&
        key === undefined &&
        outcome !== 'refused',
    );
    if (idempotencyKey === undefined && filings.length === 0)
      return [`${id}: was filed by a request that was refused`];
    const made = moves.filter(
      ({ by, key, type }) => by !== null && key === undefined && type !== 'filed',
    ).length;
    const asked = ledger.sendings.filter(
      ({ intent: { about, key }, outcome }) =>
        about.kind === 'step' && about.declarationId === id && key === undefined && outcome !== 'refused',
    ).length;
    return made <= asked ? [] : [`${id}: ${made} moves for ${asked} requests without a key`];
  });
}

/** A refusal is right when there was a moment, while the request was under way, at which it was. */
function refusalWrong({ declarations, witness }: Evidence, sending: Sending): string | null {
  const { intent, failure, sent, ended } = sending;
  const { about, key, actor } = intent;
  const code = failure?.code ?? '';
  const own = [...declarations.values()].filter(({ org }) => org === actor.org);
  if (about.kind === 'filing') {
    if (code === 'declaration-invalid') return null;
    const holder = own.find(({ idempotencyKey }) => key !== undefined && idempotencyKey === key);
    if (code === 'idempotency-mismatch')
      return holder !== undefined && holder.bodyHash !== about.bodyHash ? null : 'though it is the same';
    if (code !== 'reference-taken') return 'for no reason';
    if (holder !== undefined) return 'though its key is known';
    return own.some(({ reference }) => reference === about.reference) ? null : 'though nobody has it';
  }
  if (about.kind === 'event') return code === 'idempotency-mismatch' ? null : 'for no reason';
  if (code !== 'illegal-transition') return STEP_REFUSALS.has(code) ? null : 'for no reason';
  const versions = witness.versions.get(about.declarationId) ?? [];
  const wasRight = versions.some(({ step, declaration: { moves, state } }, index) => {
    const until = versions[index + 1]?.step ?? Infinity;
    const isDone = key !== undefined && moves.some((move) => move.key === key && move.by?.org === actor.org);
    return step <= ended && until >= sent && !isDone && !mayMove(state, about.type);
  });
  return wasRight ? null : 'though it was legal, or done already';
}

const STEP_REFUSALS = new Set([
  'declaration-invalid',
  'idempotency-mismatch',
  'items-held',
  'number-expired',
  'number-mismatch',
]);

/** Every look-up that was answered is in the log, once, and told what had been acknowledged before it was asked. */
function lookupsLost({ ledger, lookups }: Evidence): string[] {
  const broken = doubles(lookups.map(({ lookupId }) => lookupId)).map((id) => `${id} is logged twice`);
  const logged = new Map(lookups.map((entry) => [entry.lookupId, entry]));
  const events = acknowledged(ledger).filter(({ intent }) => intent.about.kind === 'event');
  for (const { sent, answer } of ledger.seen) {
    const entry = logged.get(answer.lookupId);
    const shown = answer.matches.map(({ item }) => item.itemId);
    if (entry === undefined) broken.push(`${answer.lookupId} was answered and is not logged`);
    else if (entry.verdict !== answer.verdict || canonicalJson(entry.itemIds) !== canonicalJson(shown))
      broken.push(`${answer.lookupId} is logged with another answer`);
    for (const { answers, ended } of events) {
      const { itemId, eventId } = JSON.parse(answers[0] ?? '{}') as ItemEvent;
      const match = answer.matches.find(({ item }) => item.itemId === itemId);
      if (ended < sent && match !== undefined && !match.history.some((event) => event.eventId === eventId))
        broken.push(`${answer.lookupId} does not know of ${eventId}, acknowledged before`);
    }
  }
  return broken;
}
