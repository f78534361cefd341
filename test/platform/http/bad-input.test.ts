import { expect } from 'chai';
import request from 'supertest';
import { sampleApp, sampleRoutes } from './support.ts';

const GOOD = { reference: 'INV-1', items: [{ serial: 'ZP33' }] };

describe('bad input', () => {
  const sample = sampleRoutes();
  const app = sampleApp(sample);

  function post(body: string | Buffer, type = 'application/json') {
    const call = request(app).post('/v1/presses').set('Authorization', 'Bearer ok').set('Content-Type', type);
    // Buffers are sent as they are.
    return call
      .serialize((given: unknown) => given as string)
      .send(Buffer.isBuffer(body) ? body : Buffer.from(body));
  }

  it('accepts what is good', async () => {
    const answer = await post(JSON.stringify(GOOD), 'application/json; charset=UTF-8');
    expect(answer.status, answer.text).to.equal(201);
    expect(sample.bodies.at(-1)).to.deep.equal(GOOD);
  });

  const bodies: [title: string, body: string | Buffer, status: number, field: string | null][] = [
    ['broken JSON', '{"reference":}', 400, null],
    ['JSON with a comma too many', '{"a":1,}', 400, null],
    ['an empty body', '', 400, null],
    ['two JSON texts', '{}{}', 400, null],
    ['a byte order mark', '\ufeff{}', 400, null],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, null],
    ['text of 10 MB', JSON.stringify({ ...GOOD, reference: 'x'.repeat(10_000_000) }), 413, null],
    ['nesting without end', '['.repeat(50_000), 422, null],
    [
      'deep nesting',
      JSON.stringify({ ...GOOD, notes: JSON.parse('['.repeat(20) + ']'.repeat(20)) as unknown }),
      422,
      'notes',
    ],
    ['a duplicate key', '{"reference":"A","reference":"B","items":[{"serial":"x"}]}', 422, 'reference'],
    [
      'a duplicate key in another spelling',
      '{"items":[{"serial":"x","s\\u0065rial":"y"}]}',
      422,
      'items[0].serial',
    ],
    ['a lone surrogate', '{"reference":"A","items":[{"serial":"\\ud800"}]}', 422, 'items[0].serial'],
    ['a lone surrogate in a key', '{"a\\udc00":1}', 422, 'a\ufffd'],
    ['NUL', '{"reference":"A","items":[{"serial":"a\\u0000b"}]}', 422, 'items[0].serial'],
    ['__proto__', '{"__proto__":{"polluted":1}}', 422, '__proto__'],
    ['constructor inside', '{"items":[{"constructor":{"prototype":{}}}]}', 422, 'items[0].constructor'],
    ['an operator for a string', '{"reference":{"$ne":""},"items":[{"serial":"x"}]}', 422, 'reference'],
    ['an array for a string', '{"reference":["A"],"items":[{"serial":"x"}]}', 422, 'reference'],
    [
      'a string for a number',
      '{"reference":"A","items":[{"serial":"x","stations":"5"}]}',
      422,
      'items[0].stations',
    ],
    [
      'a number JavaScript cannot hold',
      '{"reference":"A","weight":1e400,"items":[{"serial":"x"}]}',
      422,
      'weight',
    ],
    ['an unknown field', '{"reference":"A","odd":1,"items":[{"serial":"x"}]}', 422, 'odd'],
    ['a missing field', '{"reference":"A"}', 422, 'items'],
    ['null for the body', 'null', 422, 'body'],
    [
      'more elements than any list has',
      JSON.stringify({ ...GOOD, items: Array(2_001).fill({}) }),
      422,
      'items',
    ],
    ['too many values', JSON.stringify({ x: Array(60).fill(Array(1_800).fill(0)) }), 422, 'body'],
    [
      'too many members',
      JSON.stringify(
        Object.fromEntries(
          Array(300)
            .fill(0)
            .map((_, i) => [`k${i}`, i]),
        ),
      ),
      422,
      'body',
    ],
  ];
  for (const [title, body, status, field] of bodies) {
    it(`refuses ${title} with ${status}${field === null ? '' : `, naming ${field}`}`, async () => {
      const before = sample.bodies.length;
      const answer = await post(body);
      expect(answer.status, answer.text).to.equal(status);
      expect(answer.type).to.equal('application/problem+json');
      const problem = answer.body as { status: number; code: string; errors?: { field: string }[] };
      expect(problem.status).to.equal(status);
      expect(answer.text.length).to.be.below(20_000);
      if (field !== null)
        expect(problem.errors?.map((error) => error.field.slice(0, field.length))).to.include(field);
      expect(sample.bodies.length).to.equal(before);
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    });
  }

  it('names every field at once', async () => {
    const answer = await post('{"reference":"a b","items":[{},{"serial":"","stations":0}],"odd":1}');
    const { errors } = answer.body as { errors: { field: string; code: string; message: string }[] };
    expect(errors.map(({ field, code }) => `${field} ${code}`)).to.have.members([
      'reference wrong-form',
      'items[0].serial required',
      'items[1].serial empty',
      'items[1].stations number-min',
      'odd unknown-field',
    ]);
    expect(errors[0]?.message).to.equal('reference is not in the form of a reference.');
  });

  it('names a hundred faults at most and says how many there are', async () => {
    const answer = await post(JSON.stringify({ ...GOOD, notes: Array(150).fill(1) }));
    const { errors, detail } = answer.body as { errors: unknown[]; detail: string };
    expect(errors).to.have.length(100);
    expect(detail).to.match(/first 100 of 150/);
  });

  it('says where JSON breaks', async () => {
    expect(((await post('{"a": tru}')).body as { detail: string }).detail).to.contain('character 6 ');
  });

  it('keeps colons and escapes inside strings apart from members', async () => {
    const answer = await post('{"reference":"A","items":[{"serial":"a:\\"b\\\\"}]}');
    expect(answer.status, answer.text).to.equal(201);
  });

  for (const type of [
    'text/plain',
    'application/json; charset=latin1',
    'application/x-www-form-urlencoded',
    'x',
  ]) {
    it(`refuses the content type ${type}`, async () => {
      expect((await post('{}', type)).status).to.equal(415);
    });
  }

  it('refuses compressed bodies', async () => {
    const answer = await post('{}').set('Content-Encoding', 'gzip');
    expect([answer.status, (answer.body as { code: string }).code]).to.deep.equal([
      415,
      'content-encoding-unsupported',
    ]);
  });

  it('tells of a refused request, with the body as it came', async () => {
    sample.refused.length = 0;
    await post('{"reference":"a b"}');
    await post('nonsense');
    expect(sample.refused).to.deep.equal([{ body: { reference: 'a b' }, code: 'body-invalid' }]);
  });

  it('refuses a header that is not in its form', async () => {
    const answer = await post(JSON.stringify(GOOD)).set('Idempotency-Key', 'a b');
    expect(answer.status).to.equal(422);
    expect((answer.body as { errors: { field: string }[] }).errors[0]?.field).to.equal('idempotency-key');
  });

  const queries: [query: string, status: number, field: string | null][] = [
    ['serial=A+B%2FC&limit=5', 200, null],
    ['', 422, 'serial'],
    ['serial=', 422, 'serial'],
    ['serial=a&serial=b', 422, 'serial'],
    ['serial=a&serial[]=b', 422, 'serial[]'],
    ['serial=a&limit=1e400', 422, 'limit'],
    ['serial=a&limit=five', 422, 'limit'],
    ['serial=a&odd=1', 422, 'odd'],
    ['serial=a%00b', 422, 'serial'],
    ['serial=a&__proto__=1', 422, '__proto__'],
    ['serial=%zz', 400, null],
    ['serial=%ed%a0%80', 400, null],
    ['serial=%ff', 400, null],
  ];
  for (const [query, status, field] of queries) {
    it(`answers ${status} to the query ?${query}`, async () => {
      const answer = await request(app).get(`/v1/lookup?${query}`).set('Authorization', 'Bearer ok');
      expect(answer.status, answer.text).to.equal(status);
      if (status === 200) expect(answer.body).to.deep.equal({ serial: 'A B/C', limit: 5 });
      if (field !== null)
        expect((answer.body as { errors: { field: string }[] }).errors[0]?.field).to.equal(field);
    });
  }
});
