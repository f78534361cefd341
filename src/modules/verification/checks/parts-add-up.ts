import { countByKind, type Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { kindName } from './check.ts';
import { counted, joined } from '../../../kernel/wording.ts';

/** No rotary press is expected to have fewer stations; this project's assumption. */
const LEAST_STATIONS = 16;

/**
 * `parts-add-up` (warning): punches and dies that belong to no named press, over the 90 days of `facts.volumes` and
 * this declaration, which adds at least one of them, are enough for a whole rotary press of 16 stations or more.
 */
export function partsAddUp({ catalogue, lines, volumes }: Facts): Finding[] {
  const kinds = catalogue.kinds.flatMap(({ code, perStation }) =>
    perStation === null ? [] : [{ code, perStation }],
  );
  const loose = countByKind(lines.flatMap(({ line }) => (line.pressId === undefined ? line : [])));
  if (kinds.length === 0 || kinds.every(({ code }) => loose[code] === undefined)) return [];
  const counts = kinds.map(({ code, perStation }) => {
    const before = volumes.reduce((sum, day) => sum + (day.looseByKind[code] ?? 0), 0);
    const count = before + (loose[code] ?? 0);
    return { code, count, stations: Math.floor(count / perStation) };
  });
  const stations = Math.min(...counts.map((each) => each.stations));
  if (stations < LEAST_STATIONS) return [];
  const held = joined(counts.map(({ code, count }) => counted(count, kindName(catalogue, code))));
  const because =
    `With this declaration the exporter has declared ${held} without naming their press within 90 days: ` +
    `enough for a press of ${counted(stations, 'station')}.`;
  const evidence = { stations, ...Object.fromEntries(counts.map(({ code, count }) => [code, count])) };
  return [{ code: 'parts-add-up', level: 'warning', because, evidence }];
}
