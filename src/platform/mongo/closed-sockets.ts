import { Socket } from 'node:net';

let isDone = false;

/**
 * Lets go whoever waits until a socket can be written to when that is closed, here and with TLS. The driver (7.8) waits
 * so: between the moment when its server is gone and that when the socket tells, writing is neither done nor an error,
 * and the operation would wait for ever, along with its connection. Let go, it finds the connection broken and goes on
 * from there. There is no way to get at the driver's sockets, so this concerns all that the process opens.
 */
export function releaseWritersOfClosedSockets(): void {
  if (isDone) return;
  isDone = true;
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (this: Socket, ...options: unknown[]) {
    this.once('close', () => this.emit('drain'));
    return (connect as (...options: unknown[]) => Socket).apply(this, options);
  };
}
