import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLog, redact } from '../../../src/platform/log/index.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjbGVyayJ9.c2lnbmF0dXJl';

describe('the log', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function written(level: string, write: (logger: ReturnType<typeof createLog>['logger']) => void) {
    const destination = join(folder, `${level}-${Math.random()}.log`);
    const log = createLog({ level, destination });
    write(log.logger);
    await log.close();
    return readFile(destination, 'utf8');
  }

  it('has written every line once it is closed', async () => {
    const text = await written('info', (logger) => {
      for (let count = 0; count < 1_000; count += 1) logger.info({ count }, 'line');
    });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ count }) => count)).to.deep.equal(Array.from({ length: 1_000 }, (_, index) => index));
    expect(lines[0]).to.include({ level: 'info', msg: 'line' });
    expect(lines[0]?.['time']).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('leaves out what is below its level', async () => {
    expect(await written('warn', (logger) => logger.info('quiet'))).to.equal('');
  });

  it('redacts secrets in fields, at any depth, and in the text of errors', async () => {
    const text = await written('info', (logger) => {
      logger.info(
        { headers: { authorization: 'Basic hidden1', 'set-cookie': ['hidden2'] }, password: 'hid"den3' },
        'm',
      );
      logger.error({ err: new Error('cannot reach redis://user:hidden4@localhost:6379') }, 'm');
      logger.info({ REDIS_URL: 'redis://:hidden5@x' }, `got Bearer hidden6 and ${TOKEN}`);
    });
    expect(text).not.to.match(/hidden|hid.{1,2}den|eyJ/);
    expect(text).to.contain('[redacted]').and.to.contain('localhost:6379');
    for (const line of text.trim().split('\n')) JSON.parse(line);
  });

  it('leaves everything else as it is', () => {
    const line =
      '{"level":"info","route":"/v1/lookup","status":200,"ms":1.5,"sub":"clerk@acme","msg":"request"}\n';
    expect(redact(line)).to.equal(line);
  });
});
