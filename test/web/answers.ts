/** Canned answers in the form of `GET /v1/lookup`, by the serial that is asked for. */

const SERIAL = 'ZP33-2025-00417';
const at = '2026-06-01T08:00:00.000Z';
const exporter = { sub: 'clerk-1', org: 'formosa-press', role: 'exporter', country: 'TW' };
const registry = { sub: 'registry', org: 'registry', role: 'registry', country: 'ZZ' };
const customs = { sub: 'officer-7', org: 'kaohsiung-customs', role: 'customs', country: 'TW' };

const history = [
  event(1, 'registered', '2026-03-01T09:12:00.000Z', exporter, { stations: 36 }),
  event(2, 'declared', '2026-03-01T09:12:00.000Z', exporter, { reference: 'INV-2026-0042' }),
  event(3, 'verified', '2026-03-01T09:12:04.000Z', registry, { ruleSet: '2026.1' }),
  {
    ...event(4, 'exited', '2026-04-15T05:30:00.000Z', customs, {}),
    place: 'TWKHH',
    recordedAt: '2026-04-17T05:30:00.000Z',
  },
];

function event(seq: number, type: string, when: string, actor: object, detail: object) {
  const declarationId = 'dcl_0123456789abcdefghjkmnpqrs';
  return {
    seq,
    type,
    occurredAt: when,
    recordedAt: when,
    actor,
    org: 'formosa-press',
    declarationId,
    detail,
  };
}

function item(changes: object = {}) {
  return {
    itemId: 'itm_1',
    maker: 'fette',
    makerName: 'Fette Compacting',
    kind: 'press',
    serial: SERIAL,
    serialKey: 'ZP33202500417',
    model: 'ZP33',
    stations: 36,
    status: 'exported',
    assignedMark: false,
    registeredAt: '2026-03-01T09:12:00.000Z',
    ...changes,
  };
}

function answer(serial: string, verdict: string, reasons: object[], matches: object[], query: object = {}) {
  const asked = { serial, serialKey: serial.toUpperCase(), serialFold: serial.toUpperCase(), ...query };
  return { lookupId: 'lkp_7', at, query: asked, verdict, reasons, matches, truncated: false };
}

const exact = {
  item: item(),
  marked: SERIAL,
  match: 'exact',
  score: 1,
  differences: [],
  history,
  historyTruncated: false,
};
const clear = {
  code: 'exported',
  level: 'info',
  because: 'It left TW on a verified declaration; no arrival is on record yet.',
};
const WORN = 'zp33 2O25-0O4l7';
const HOSTILE = '<img src=x onerror="document.title=\'taken over\'">';

const worn = [
  { position: 5, read: 'O', marked: '0', kind: 'confusable' },
  { position: 9, read: 'O', marked: '0', kind: 'confusable' },
  { position: 11, read: 'L', marked: '1', kind: 'confusable' },
];
const twin = item({
  itemId: 'itm_2',
  makerName: 'Korsch',
  kind: 'die',
  serial: 'ZP33-2O25-00417',
  status: 'stolen',
  serialKey: 'ZP332O2500417',
});
const possible = {
  code: 'possible-match',
  level: 'caution',
  because:
    'No item carries exactly this serial. 2 registered items could be misread for it: a possible match, not proof.',
};

export const answers: Readonly<Record<string, object>> = {
  [SERIAL]: answer(SERIAL, 'clear', [clear], [exact], { maker: 'Fette' }),
  [WORN]: answer(
    WORN,
    'caution',
    [possible, clear],
    [
      { ...exact, match: 'confusable', score: 0.71, differences: worn },
      {
        ...exact,
        item: twin,
        match: 'confusable',
        score: 0.68,
        differences: worn.slice(1),
        historyTruncated: true,
      },
    ],
  ),
  'A stolen one': answer(
    'A stolen one',
    'stop',
    [{ code: 'stolen', level: 'stop', because: 'It is recorded as stolen.', itemId: 'itm_1' }],
    [{ ...exact, item: item({ status: 'stolen' }) }],
  ),
  'Never seen': answer(
    'Never seen',
    'unknown',
    [
      {
        code: 'not-registered',
        level: 'info',
        because:
          'No registered item carries this serial. That alone says nothing about whether the item is genuine.',
      },
    ],
    [],
  ),
  [HOSTILE]: answer(
    HOSTILE,
    'caution',
    [{ ...possible, because: HOSTILE }],
    [{ ...exact, item: item({ makerName: HOSTILE, serial: HOSTILE, serialKey: 'X' }), marked: HOSTILE }],
  ),
};

export const catalogue = {
  version: '1',
  kinds: [
    { code: 'press', label: 'Tablet press' },
    { code: 'die', label: 'Die' },
  ],
  makers: [{ name: 'Fette Compacting' }, { name: 'Korsch' }],
  models: [],
  regimes: [],
};

export const problem = {
  type: 'urn:problem:invalid-query',
  title: 'Unprocessable Content',
  status: 422,
  code: 'invalid-query',
  detail: 'The query breaks the rules.',
  instance: 'req-42',
  errors: [{ field: 'serial', code: 'string.max', message: 'must be at most 80 characters' }],
};

export { HOSTILE, SERIAL, WORN };
