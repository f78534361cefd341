import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { KeySet } from '../../../src/modules/access/key-set.ts';
import { openKeyUrl } from '../../../src/modules/access/key-source.fetch.ts';
import { openKeyFile } from '../../../src/modules/access/key-source.files.ts';
import { openKeySource } from '../../../src/modules/access/key-source.ts';
import { ecPair, handClock, jwkOf, jwksText } from './support.ts';

const first = jwksText(jwkOf(ecPair(), { kid: 'first' }));
const second = jwksText(jwkOf(ecPair(), { kid: 'second' }));
const withPrivate = jwksText(ecPair().privateKey.export({ format: 'jwk' }));

function kids(set: KeySet): (string | undefined)[] {
  return set.keys.map((key) => key.kid);
}

async function rejection(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String(error);
  }
  return expect.fail('it was accepted');
}

describe('keys from a file', () => {
  let folder: string;
  let file: string;
  let written = 0;

  /** Writes the file so that its time differs from every earlier one, however coarse the file system's clock. */
  const write = (text: string): void => {
    written += 1;
    writeFileSync(file, text);
    utimesSync(file, written, written);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'key-source-'));
    file = join(folder, 'jwks.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = () => {
    const clock = handClock();
    const problems: string[] = [];
    const source = openKeyFile(file, { clock, report: (problem) => problems.push(problem) });
    return { clock, problems, kids: async () => kids(await source.current()), source };
  };

  it('are read anew when the file changed, after 5 s at the earliest', async () => {
    write(first);
    const keys = open();
    write(second);
    keys.clock.move(4_999);
    expect(await keys.kids()).to.deep.equal(['first']);
    expect(kids(await keys.source.refresh())).to.deep.equal(['first']);
    keys.clock.move(1);
    expect(await keys.kids()).to.deep.equal(['second']);
    expect(keys.problems).to.deep.equal([]);
  });

  it('stay the same object while the file stays the same', () => {
    write(first);
    const { source, clock } = open();
    const before = source.current();
    clock.move(60_000);
    expect(source.current()).to.equal(before);
  });

  it('stay the last good ones while the file is bad or away, which is reported once', async () => {
    write(first);
    const keys = open();
    write('{"keys":[');
    for (let round = 0; round < 3; round += 1) {
      keys.clock.move(5_000);
      expect(await keys.kids()).to.deep.equal(['first']);
    }
    expect(keys.problems).to.have.length(1);
    unlinkSync(file);
    keys.clock.move(5_000);
    expect(await keys.kids()).to.deep.equal(['first']);
    expect(keys.problems).to.have.length(2);
    write(second);
    keys.clock.move(5_000);
    expect(await keys.kids()).to.deep.equal(['second']);
  });

  it('cannot be opened without a usable key', async () => {
    const clock = handClock();
    expect(await rejection(openKeySource(file, { clock }))).to.include('there is no such file');
    write('{"keys":[]}');
    expect(await rejection(openKeySource(file, { clock }))).to.include('no usable key');
    write(withPrivate);
    expect(await rejection(openKeySource(file, { clock }))).to.include('private or secret key');
    write(`${first}${' '.repeat(300_000)}`);
    expect(await rejection(openKeySource(file, { clock }))).to.include('too large');
    expect(await rejection(openKeySource(folder, { clock }))).to.include('cannot be used');
  });
});

describe('keys from a URL', () => {
  let server: Server;
  let url: string;
  let fetches: number;
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    fetches = 0;
    server = createServer((_request, response) => {
      fetches += 1;
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const answerWith = (text: string, status = 200) => {
    answer = (response) => response.writeHead(status).end(text);
  };

  const open = async () => {
    answerWith(first);
    const clock = handClock();
    const problems: string[] = [];
    const report = (problem: string) => problems.push(problem);
    const source = await openKeySource(url, { clock, report });
    return { clock, problems, source };
  };

  it('are fetched anew after 5 minutes, while the old ones answer', async () => {
    const { source, clock } = await open();
    answerWith(second);
    clock.move(299_999);
    void source.current();
    expect(fetches).to.equal(1);
    clock.move(1);
    expect(source.current()).not.to.be.instanceOf(Promise);
    expect(kids(await source.refresh())).to.deep.equal(['second']);
    expect(fetches).to.equal(2);
  });

  it('are waited for when nobody asked for long', async () => {
    const { source, clock } = await open();
    answerWith(second);
    clock.move(600_000);
    const current = source.current();
    expect(current).to.be.instanceOf(Promise);
    expect(kids(await current)).to.deep.equal(['second']);
  });

  it('are fetched anew on request, after 30 s at the earliest, once for all who ask', async () => {
    const { source, clock } = await open();
    answerWith(second);
    clock.move(29_999);
    expect(kids(await source.refresh())).to.deep.equal(['first']);
    clock.move(1);
    const [one, other] = await Promise.all([source.refresh(), source.refresh()]);
    expect(one).to.equal(other);
    expect(kids(one)).to.deep.equal(['second']);
    expect(fetches).to.equal(2);
  });

  it('stay the same object when the answer stays the same', async () => {
    const { source, clock } = await open();
    const before = source.current();
    clock.move(30_000);
    expect(await source.refresh()).to.equal(before);
    expect(fetches).to.equal(2);
  });

  const redirect = (response: ServerResponse) => {
    if (response.req.url === '/elsewhere') response.end(second);
    else response.writeHead(302, { location: '/elsewhere' }).end();
  };

  const failures: [title: string, respond: (response: ServerResponse) => void, reason: string][] = [
    ['an error status', (response) => response.writeHead(503).end(first), 'HTTP 503'],
    ['a redirect', redirect, 'redirect'],
    ['text that is no key set', (response) => response.end('<html>'), 'not a JSON Web Key Set'],
    ['no usable key', (response) => response.end('{"keys":[]}'), 'no usable key'],
    ['a private key', (response) => response.end(withPrivate), 'private or secret key'],
    ['too much', (response) => response.end(`${first}${' '.repeat(300_000)}`), 'too large'],
    ['a broken connection', (response) => response.destroy(), 'cannot be fetched'],
  ];
  for (const [title, respond, reason] of failures) {
    it(`stay the last good ones on ${title}, and are asked for again after 30 s`, async () => {
      const { source, clock, problems } = await open();
      answer = respond;
      clock.move(300_000);
      void source.current();
      expect(kids(await source.refresh())).to.deep.equal(['first']);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.include(reason);
      const askedAgain = new Promise<void>((resolve) => {
        answer = (response) => {
          response.end(second);
          resolve();
        };
      });
      clock.move(30_000);
      void source.current();
      await askedAgain;
      expect(kids(await source.refresh())).to.deep.equal(['second']);
    });

    it(`cannot be opened on ${title}`, async () => {
      answer = respond;
      expect(await rejection(openKeySource(url, { clock: handClock() }))).to.include(reason);
    });
  }

  it('cannot be opened when no answer comes in time', async () => {
    answer = () => undefined;
    const opened = openKeyUrl(url, { clock: handClock(), timeoutMs: 50 });
    expect(await rejection(opened)).to.include('no answer in time');
  });

  it('cannot be opened when the body does not end in time', async () => {
    answer = (response) => response.write('{"keys":[');
    const opened = openKeyUrl(url, { clock: handClock(), timeoutMs: 50 });
    expect(await rejection(opened)).to.include('no answer in time');
  });

  it('cannot be opened when nobody listens', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await rejection(openKeySource(url, { clock: handClock() }))).to.include('ECONNREFUSED');
  });

  it('cannot be opened with a malformed URL or one that holds a password, which is not quoted', async () => {
    for (const wrong of ['http://', url.replace('http://', 'http://user:hidden@')]) {
      const reason = await rejection(openKeySource(wrong, { clock: handClock() }));
      expect(reason).to.include('malformed or holds a user name or password').and.not.include('hidden');
    }
    expect(fetches).to.equal(0);
  });
});
