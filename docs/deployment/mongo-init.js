// Makes three empty mongod one replica set, with an administrator and the registry's own user. compose.yaml runs it
// with mongosh, on the host of the first of them. Running it again sets the registry's password and rights anew.
const { readFileSync } = require('node:fs');

const { MONGO_ADMIN_PASSWORD, MONGO_PASSWORD } = process.env;
const { role, ...rights } = JSON.parse(readFileSync('/deployment/registry-role.json', 'utf8'));

// mongo1 is primary whenever it can be: the first user can be made on the host of the primary only.
const members = [
  { _id: 0, host: 'mongo1:27017', priority: 2 },
  { _id: 1, host: 'mongo2:27017' },
  { _id: 2, host: 'mongo3:27017' },
];

// Until there is a user, a connection from the same host may do this without one (the "localhost exception").
const local = new Mongo('mongodb://localhost:27017/?directConnection=true').getDB('admin');
attempt(
  () => local.runCommand({ replSetInitiate: { _id: 'rs0', members } }),
  ['AlreadyInitialized', 'Unauthorized'],
);
for (let seconds = 0; local.runCommand({ hello: 1 }).primary === undefined; seconds += 1) {
  if (seconds === 60) throw new Error('The replica set has no primary after a minute.');
  sleep(1000);
}
attempt(
  () => local.createUser({ user: 'admin', pwd: MONGO_ADMIN_PASSWORD, roles: ['root'] }),
  ['Unauthorized', 'NotWritablePrimary'],
);

// From here on as the administrator, on whichever member is primary. A wrong password ends the script here.
const hosts = members.map(({ host }) => host).join(',');
const password = encodeURIComponent(MONGO_ADMIN_PASSWORD);
const admin = new Mongo(`mongodb://admin:${password}@${hosts}/?replicaSet=rs0`).getDB('admin');
if (admin.getRole(role) === null) admin.createRole({ role, ...rights });
else admin.updateRole(role, rights);
const account = { pwd: MONGO_PASSWORD, roles: [role] };
if (admin.getUser('registry') === null) admin.createUser({ user: 'registry', ...account });
else admin.updateUser('registry', account);
print('The replica set is ready.');

/** Does something that was perhaps done before, which the server then says by one of these names. */
function attempt(work, namesWhenDone) {
  try {
    work();
  } catch (error) {
    if (!namesWhenDone.includes(error.codeName)) throw error;
  }
}
