import { createHash } from 'node:crypto';
import type { Declaration } from '../../../src/modules/declarations/index.ts';
import { EXPORTER, RIVAL } from '../../support/declarations.ts';
import { customs, officer, regulator } from './authorities.ts';
import { exporter } from './exporters.ts';
import { acknowledged } from './ledger.ts';
import { answersBroken } from './promises/answers.ts';
import { declarationsBroken } from './promises/declarations.ts';
import { departuresBroken } from './promises/departures.ts';
import { gathered } from './promises/evidence.ts';
import { itemsBroken } from './promises/items.ts';
import type { Clocks } from './weather.ts';
import type { Sabotage, World } from './world.ts';
import { createWorld } from './world.ts';

/** So long things go wrong, unless everybody has had enough before. */
const STORMY_STEPS = 500;

export interface Course {
  readonly seed: number;
  /** Of everything that happened, in order, and of all that is stored in the end. */
  readonly digest: () => string;
  /** Promises that were not kept; none is what there should be. */
  readonly broken: readonly string[];
  readonly trace: readonly string[];
  /** How often what happened: faults, crashes, and what was acknowledged. */
  readonly met: Readonly<Record<string, number>>;
}

/** Lets the world of this seed run its course, and judges it. */
export async function runSeed(
  seed: number,
  options: { readonly clocks?: Clocks; readonly sabotage?: Sabotage } = {},
): Promise<Course> {
  const world = createWorld(seed, options);
  const { turns, records, ledger, witness, bugs, met } = world;
  let broken: string[];
  try {
    await lived(world);
    const evidence = gathered(records, ledger, witness);
    broken = [
      ...declarationsBroken(evidence),
      ...itemsBroken(evidence),
      ...answersBroken(evidence),
      ...departuresBroken(evidence),
      ...(await answersGivenAgain(world)),
    ];
  } catch (error) {
    broken = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  for (const what of deeds(world)) met[what] = (met[what] ?? 0) + 1;
  const digest = (): string => {
    const stored = [...records.declarations.values(), ...records.items.values(), ...records.lookups];
    return createHash('sha256')
      .update(JSON.stringify([turns.trace, stored]))
      .digest('hex');
  };
  return { seed, digest, broken: [...bugs, ...broken], trace: turns.trace, met };
}

async function lived(world: World): Promise<void> {
  const { people, step, calmDown, turns } = world;
  const { int } = people.chance;
  // Small worlds and crowded ones: what few do shows in other ways than what many do.
  people.begin('clerk of acme', () => exporter(people, EXPORTER, 'acme', 1 + int(2)));
  people.begin('clerk of rival', () => exporter(people, RIVAL, 'rival', int(2)));
  people.begin('second clerk of rival', () => exporter(people, RIVAL, 'rival2', int(2)));
  people.begin('regulator', () => regulator(people, 'judge', 1 + int(4)));
  people.begin('customs', () => customs(people, 'harbour', 1 + int(5)));
  people.begin('customs elsewhere', () => customs(people, 'airport', int(5)));
  people.begin('officer', () => officer(people, 'officer', int(5)));
  while (people.areBusy() && turns.step() < STORMY_STEPS) await step();
  calmDown();
  await world.rest();
  if (people.areBusy()) throw new Error('somebody still waits for an answer');
}

/** Who asks again gets the answer of then, and nothing changes. */
async function answersGivenAgain(world: World): Promise<string[]> {
  const { people, records, ledger } = world;
  const stored = (): string =>
    JSON.stringify([
      ...records.declarations.values(),
      ...[...records.items.values()].map(({ seq, head }) => [seq, head]),
    ]);
  const before = stored();
  const broken: string[] = [];
  for (const { intent, answers } of acknowledged(ledger)) {
    if (intent.key === undefined) continue;
    people.begin(intent.what, async () => {
      const again = await people.persist(intent);
      if (again !== answers[0]) broken.push(`${intent.what}: was answered ${answers[0]} and then ${again}`);
    });
  }
  await world.untilQuiet();
  return before === stored() ? broken : [...broken, 'asking again changed what is stored'];
}

/** What came of it all, by name. */
function deeds({ ledger, records }: World): string[] {
  const declarations = [...records.declarations.values()].map(({ text }) => JSON.parse(text) as Declaration);
  return [
    ...declarations.flatMap(({ moves }) => moves.map(({ type }) => `stored ${type}`)),
    ...declarations.flatMap(({ verification }) => verification.findings.map(({ code }) => `found ${code}`)),
    ...acknowledged(ledger).map(
      ({ intent: { about } }) => `told ${about.kind === 'step' ? about.type : about.kind}`,
    ),
    ...ledger.sendings.map(({ outcome, failure }) => `sent: ${failure?.code ?? outcome}`),
    ...ledger.seen.map(() => 'told look-up'),
  ];
}
