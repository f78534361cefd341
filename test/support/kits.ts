import type { LineInput } from '../../src/modules/declarations/declaration.ts';
import { filing } from './declarations.ts';

/** A press with as many upper punches, lower punches and dies as it has stations. */
export function kit(serial: string, stations: number): LineInput[] {
  const press: LineInput = {
    kind: 'press',
    maker: 'Fette Compacting',
    serial,
    stations,
    condition: 'new',
    hs: '8479.89',
  };
  const parts = ['upper-punch', 'lower-punch', 'die'].flatMap((kind) =>
    Array.from({ length: stations }, (_, index): LineInput => ({
      kind,
      maker: 'Fette Compacting',
      serial: `${serial}-${kind.slice(0, 1).toUpperCase()}${String(index + 1).padStart(2, '0')}`,
      partOf: serial,
      condition: 'new',
    })),
  );
  return [press, ...parts];
}

/** A filing of one unremarkable die of a serial that no other filing of this `reference` shares. */
export function dieFiling(reference: string, facts: Parameters<typeof filing>[0] = {}) {
  return filing({
    reference,
    items: [{ kind: 'die', maker: 'Natoli', serial: `NT-${reference}-D` }],
    ...facts,
  });
}
