import { expect } from 'chai';
import { ROLES, type Actor, type Role } from '../../../src/kernel/actor.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import {
  isAction,
  isAllowed,
  permit,
  permitReading,
  POLICY,
  type Action,
} from '../../../src/modules/access/policy.ts';
import { failureCode } from '../../support/failures.ts';

/** Written a second time on purpose: a change of the table must be made twice. e c r o = first letters. */
const EXPECTED: Record<Action, string> = {
  'declaration.file': 'e',
  'declaration.read': 'ecr',
  'declaration.amend': 'e',
  'declaration.withdraw': 'e',
  'declaration.exit': 'c',
  'declaration.arrive': 'c',
  'declaration.decide': 'r',
  'declaration.certificate': 'ecr',
  'refused-filing.read': 'er',
  'import.file': 'e',
  'import.read': 'er',
  'export.read': 'er',
  'item.read': 'ecr',
  'item.record-event': 'cr',
  'lookup.one': 'cr',
  'lookup.many': 'cr',
  'lookup-log.read': 'r',
  'audit.read': 'r',
  'audit-run.start': 'r',
  'audit-run.read': 'r',
  'review.list': 'r',
  'watchlist.read': 'r',
  'watchlist.add': 'r',
  'alert.read': 'r',
  'catalogue.read': 'ecro',
  'metrics.read': 'o',
  'queue.operate': 'o',
};
const LETTERS: Record<Role, string> = { exporter: 'e', customs: 'c', regulator: 'r', operator: 'o' };

/** What a registry that only answers refuses; written a second time on purpose, too. */
const CHANGING: readonly Action[] = [
  'declaration.file',
  'declaration.amend',
  'declaration.withdraw',
  'declaration.exit',
  'declaration.arrive',
  'declaration.decide',
  'item.record-event',
  'import.file',
  'audit-run.start',
  'watchlist.add',
  'queue.operate',
];

function actor(role: Role): Actor {
  return { sub: 'somebody', role, org: 'acme', country: 'TW' };
}

describe('the policy', () => {
  for (const action of Object.keys(POLICY) as Action[]) {
    it(`grants ${action} to the roles it is meant for and to no other`, () => {
      const granted = ROLES.filter((role) => isAllowed(role, action)).map((role) => LETTERS[role]);
      expect(granted.join('')).to.equal(EXPECTED[action]);
    });
  }

  it('denies an action it does not hold, names of object members included', () => {
    for (const name of ['', 'declaration', 'constructor', '__proto__', 'toString', 'DECLARATION.FILE']) {
      expect(isAction(name), name).to.equal(false);
      for (const role of ROLES) expect(isAllowed(role, name as Action), name).to.equal(false);
    }
  });

  for (const action of Object.keys(POLICY) as Action[]) {
    const refused = CHANGING.includes(action);
    it(`${refused ? 'refuses' : 'lets through'} ${action} while the registry only answers`, async () => {
      const code = await failureCode(() => permitReading(action)).catch(() => 'none');
      expect(code).to.equal(refused ? 'read-only' : 'none');
    });
  }

  it('refuses what it does not know while the registry only answers', async () => {
    for (const name of ['', 'public', 'declaration.new', '__proto__']) {
      expect(await failureCode(() => permitReading(name as Action)), name).to.equal('read-only');
    }
  });

  it('denies a role it does not know', () => {
    expect(isAllowed('admin' as Role, 'catalogue.read')).to.equal(false);
  });

  it('lets an allowed actor pass', () => {
    expect(() => permit(actor('customs'), 'lookup.one')).not.to.throw();
  });

  it('stops another with the failure forbidden', () => {
    try {
      permit(actor('exporter'), 'lookup.one');
    } catch (error) {
      expect(isFailure(error, 'forbidden')).to.equal(true);
      expect(error).to.have.property('kind', 'forbidden');
      return;
    }
    expect.fail('it was permitted');
  });
});
