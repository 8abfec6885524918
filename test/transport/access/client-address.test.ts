import { expect, test } from 'vitest';
import { clientAddress } from '../../../server/transport/access/client-address.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1:2', '0:0:0:0'],
  ['127.0.0.1', null],
  ['::ffff:127.0.0.9', null],
  ['::1', null],
  [undefined, null],
])('%s counts as the client %s', (remote, client) => {
  expect(clientAddress(remote)).toBe(client);
});
