import { expect } from 'chai';
import { serialKey } from '../../../src/kernel/serial.ts';
import { ranked } from '../../../src/modules/lookup/ranking.ts';
import { verdictOf } from '../../../src/modules/lookup/verdict.ts';
import type { EventDraft, EventType, Item, ItemStatus } from '../../../src/modules/register/index.ts';
import { headOf, ITEM_STATUSES } from '../../../src/modules/register/index.ts';
import { draftWith, historyOf, itemWith } from '../../support/items.ts';

type Step = EventType | [EventType, Partial<EventDraft>];
type Known = [Item, Step[]];

const MARKED = 'ZP33-2025-00417';
const VERIFIED: Step[] = ['registered', 'declared', 'verified'];

/** The verdict on `serial` when these items, with these histories, are all that fit. */
function judged(
  serial: string,
  known: readonly Known[],
  given: { maker?: string; kind?: string } = {},
  truncated = false,
) {
  const asked = { serial, serialKey: serialKey(serial), ...given };
  const histories = new Map(
    known.map(([item, steps]) => {
      const drafts = steps.map((step, index) => {
        const [type, facts] = typeof step === 'string' ? [step, {}] : step;
        return draftWith(item.itemId, type, { eventId: `e${index + 1}`, ...facts });
      });
      return [item.itemId, historyOf(drafts)];
    }),
  );
  const found = known.map(([item]) => ({ item, head: headOf(histories.get(item.itemId) ?? []) }));
  const matches = ranked(asked, found).map((match) => {
    return { ...match, history: histories.get(match.item.itemId) ?? [], historyTruncated: false };
  });
  const { verdict, reasons } = verdictOf(asked, matches, truncated);
  return { verdict, codes: reasons.map((reason) => reason.code), reasons };
}

const press = itemWith();
const claim = (no: number, org: string): Step => ['declared', { declarationId: `d${no}`, org }];

describe('the verdict on a serial', () => {
  it('that no item carries is unknown, and never says fake', () => {
    const { verdict, codes, reasons } = judged(MARKED, []);
    expect([verdict, codes]).to.deep.equal(['unknown', ['not-registered']]);
    expect(reasons[0]?.because).not.to.match(/fake|counterfeit|forged/i);
  });

  it('of one verified item is clear; proven only with the maker, letter for letter', () => {
    const proven = judged(MARKED, [[press, VERIFIED]], { maker: 'ptk' });
    expect([proven.verdict, proven.codes]).to.deep.equal(['clear', ['registered', 'verified']]);
    expect(proven.reasons[0]?.because).not.to.include('possible match');
    for (const [serial, given] of [
      [MARKED, {}],
      ['zp33 2025 00417', { maker: 'ptk' }],
    ] as const) {
      const likely = judged(serial, [[press, VERIFIED]], given);
      expect([likely.verdict, likely.codes]).to.deep.equal(['clear', ['registered', 'verified']]);
      expect(likely.reasons[0]?.because).to.include('possible match');
    }
  });

  it('that an item may be misread for is a possible match, at least a caution', () => {
    const { verdict, codes, reasons } = judged('zp33 2O25-0O4l7', [[press, VERIFIED]]);
    expect([verdict, codes]).to.deep.equal(['caution', ['possible-match', 'verified']]);
    expect(reasons[0]?.because).to.include('1 registered item could').and.to.include('not proof');
  });

  const levels: Record<ItemStatus, [string, Step[]]> = {
    declared: ['caution', ['declared']],
    verified: ['clear', VERIFIED],
    'under-review': ['caution', ['flagged']],
    refused: ['stop', [['flagged', { detail: { outcome: 'refused' } }]]],
    withdrawn: ['caution', ['withdrawn']],
    exported: ['clear', ['exited']],
    arrived: ['clear', ['exited', 'arrived']],
    'not-shipped': ['caution', ['not-shipped']],
    lost: ['stop', ['lost']],
    stolen: ['stop', ['stolen']],
    seized: ['stop', ['seized']],
    destroyed: ['stop', ['destroyed']],
  };
  for (const status of ITEM_STATUSES) {
    const [level, steps] = levels[status];
    it(`of an item that is ${status} is ${level}, and tells whose reason it is`, () => {
      const { verdict, reasons } = judged(MARKED, [[press, steps]], { maker: 'ptk' });
      expect(verdict).to.equal(level);
      expect(reasons.map((reason) => reason.itemId)).to.deep.equal([press.itemId, press.itemId]);
    });
  }

  describe('with several items', () => {
    const ima = itemWith({ maker: 'ima' });
    const twin = itemWith({ serial: 'ZP33-2O25-00417' });

    it('of several makers asks for the maker, and goes by the worst of them', () => {
      const both: Known[] = [
        [press, VERIFIED],
        [ima, ['stolen']],
      ];
      const { verdict, codes } = judged(MARKED, both);
      expect([verdict, codes[0]]).to.deep.equal(['stop', 'several-makers']);
      expect(codes).to.include.members(['verified', 'stolen']);
    });

    it('goes by the one that the maker or kind given names, and says that there are others', () => {
      const both: Known[] = [
        [press, VERIFIED],
        [ima, ['stolen']],
        [itemWith({ kind: 'die' }), ['lost']],
      ];
      const one = judged(MARKED, both, { maker: 'ptk', kind: 'press' });
      expect([one.verdict, one.codes]).to.deep.equal([
        'clear',
        ['registered', 'same-serial-elsewhere', 'verified'],
      ]);
      expect(judged(MARKED, both, { maker: 'ima' }).verdict).to.equal('stop');
      expect(judged(MARKED, both, { kind: 'die' }).codes).to.deep.equal([
        'registered',
        'same-serial-elsewhere',
        'lost',
      ]);
    });

    it('none of which is of the maker or kind given is a possible match', () => {
      const { verdict, codes } = judged(MARKED, [[press, VERIFIED]], { maker: 'korsch' });
      expect([verdict, codes]).to.deep.equal(['caution', ['maker-or-kind-differs', 'verified']]);
    });

    it('tells of a twin that could be misread, and does not judge by it', () => {
      const { verdict, codes } = judged(
        MARKED,
        [
          [press, VERIFIED],
          [twin, ['stolen']],
        ],
        { maker: 'ptk' },
      );
      expect([verdict, codes]).to.deep.equal(['caution', ['registered', 'confusable-twin', 'verified']]);
    });

    it('says when there are more than are listed', () => {
      expect(judged(MARKED, [[press, VERIFIED]], {}, true))
        .to.deep.include({ verdict: 'caution' })
        .and.to.have.property('codes')
        .that.includes('more-matches');
    });
  });

  describe('with a history', () => {
    const codes = (...steps: Step[]): string[] => judged(MARKED, [[press, steps]], { maker: 'ptk' }).codes;

    it('of two exporters without a transfer or arrival in between is a caution', () => {
      expect(codes(claim(1, 'acme'), claim(2, 'rival'), 'verified')).to.include('claimed-by-several');
      expect(codes(claim(1, 'acme'), claim(2, 'acme'), 'verified')).not.to.include('claimed-by-several');
      expect(codes(claim(1, 'acme'), 'transferred', claim(2, 'rival'))).not.to.include('claimed-by-several');
      expect(codes(claim(1, 'acme'), 'exited', 'arrived', claim(2, 'rival'))).not.to.include(
        'claimed-by-several',
      );
    });

    it('of two exporters is none when one of them took its declaration back, or it was corrected', () => {
      const back: Step = ['withdrawn', { declarationId: 'd1', org: 'acme' }];
      expect(codes(claim(1, 'acme'), back, claim(2, 'rival'))).not.to.include('claimed-by-several');
      expect(codes(claim(1, 'acme'), back, claim(1, 'acme'), claim(2, 'rival'))).to.include(
        'claimed-by-several',
      );
      const corrected: Step = ['corrected', { detail: { corrects: 'e1' } }];
      expect(codes(claim(1, 'acme'), claim(2, 'rival'), corrected)).not.to.include('claimed-by-several');
      const noTransfer: Step = ['corrected', { detail: { corrects: 'e2' } }];
      expect(codes(claim(1, 'acme'), 'transferred', claim(2, 'rival'), noTransfer)).to.include(
        'claimed-by-several',
      );
    });

    it('names what somebody else filed and was refused, without judging by it', () => {
      const refused: Step = [
        'flagged',
        { declarationId: 'd2', org: 'rival', detail: { outcome: 'refused' } },
      ];
      const { verdict, reasons } = judged(
        MARKED,
        [[press, [claim(1, 'acme'), ['verified', { org: 'acme' }], claim(2, 'rival'), refused]]],
        { maker: 'ptk' },
      );
      expect(verdict).to.equal('clear');
      expect(reasons.find(({ code }) => code === 'other-filing-refused')?.because).to.contain('rival');
    });

    it('of another declaration after it left is a caution, though that was verified', () => {
      const steps: Step[] = [...VERIFIED, 'exited', claim(2, 'acme'), 'verified'];
      const { verdict, codes: found } = judged(MARKED, [[press, steps]], { maker: 'ptk' });
      expect([verdict, found.includes('declared-while-away'), found.includes('exported')]).to.deep.equal([
        'caution',
        true,
        true,
      ]);
    });

    it('of activity after it was destroyed says so', () => {
      expect(codes(...VERIFIED, 'destroyed')).not.to.include('active-after-incident');
      expect(codes(...VERIFIED, 'destroyed', 'exited')).to.include('active-after-incident');
    });

    it('of a re-stamped item says what it was', () => {
      expect(codes(...VERIFIED, ['restamped', { detail: { newSerial: 'X-1' } }])).to.include('restamped');
    });

    it('of two exits without a return in between is a caution', () => {
      expect(codes('exited', 'exited')).to.include('exported-twice');
      expect(codes('exited', 'exited', 'arrived')).to.include('exported-twice');
      for (const between of ['arrived', 'not-shipped', 'transferred'] as const) {
        expect(codes('exited', between, 'exited'), between).not.to.include('exported-twice');
      }
      expect(codes('exited', 'exited', ['corrected', { detail: { corrects: 'e1' } }])).not.to.include(
        'exported-twice',
      );
    });
  });

  it('that is junk says so, also when it is registered', () => {
    expect(judged('0000', [])).to.deep.include({
      verdict: 'unknown',
      codes: ['junk-serial', 'not-registered'],
    });
    expect(judged('0000', [[itemWith({ serial: '0000' }), VERIFIED]])).to.deep.include({
      verdict: 'caution',
    });
  });

  it('with marks for unreadable characters says that they were left out', () => {
    expect(judged('ZP33-20??-00417', []).codes).to.deep.equal(['unreadable-left-out', 'not-registered']);
  });
});
