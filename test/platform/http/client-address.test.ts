import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { addressKey, clientAddress } from '../../../src/platform/http/index.ts';

function request(forwarded?: string): IncomingMessage {
  return {
    socket: { remoteAddress: '10.0.0.1' },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage;
}

describe('the address of a client', () => {
  it('is that of the connection unless a proxy is trusted', () => {
    expect(clientAddress(request('192.0.2.7'), 0)).to.equal('10.0.0.1');
    expect(clientAddress(request(), 1)).to.equal('10.0.0.1');
  });

  it('is what the last of the trusted proxies saw, whatever the client claims before', () => {
    const forwarded = request('198.51.100.1, 192.0.2.7,192.0.2.8');
    expect(clientAddress(forwarded, 1)).to.equal('192.0.2.8');
    expect(clientAddress(forwarded, 2)).to.equal('192.0.2.7');
    expect(clientAddress(forwarded, 9)).to.equal('198.51.100.1');
  });

  it('has a key, which a network of IPv6 shares', () => {
    expect(addressKey('192.0.2.7')).to.equal('192.0.2.7');
    expect(addressKey('2001:db8:0:12::1')).to.equal(addressKey('2001:db8:0:34::2'));
    expect(addressKey('2001:db8:1:12::1')).not.to.equal(addressKey('2001:db8:2:12::1'));
    expect(addressKey(undefined)).to.equal('unknown');
  });
});
