import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';

/** `exit-elsewhere` (info): the port of exit lies in another country than the exporter's. */
export function exitElsewhere({ declaration }: Facts): Finding[] {
  const { portOfExit } = declaration.content.consignment;
  if (portOfExit.slice(0, 2) === declaration.country) return [];
  const because = `The port of exit, ${portOfExit}, is not in the exporting country, ${declaration.country}.`;
  const evidence = { portOfExit, country: declaration.country };
  return [{ code: 'exit-elsewhere', level: 'info', because, evidence }];
}
