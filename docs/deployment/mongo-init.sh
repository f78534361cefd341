#!/bin/sh
# Makes the replica set and the registry's user, once. Doing it again changes nothing.
# It shares the network of mongo1: from 127.0.0.1 MongoDB lets the very first user be made without a sign-in.
# Stops at the first failure and at variables that are not set.
set -eu
: "${MONGO_ROOT_PASSWORD:?}" "${MONGO_REGISTRY_PASSWORD:?}"
mongosh --quiet --host 127.0.0.1 --eval '
  // Of those that fail here, these say that it was done before.
  const done = (error) => ["AlreadyInitialized", "Unauthorized"].includes(error.codeName);
  const members = [1, 2, 3].map((no) => ({ _id: no - 1, host: `mongo${no}:27017`, priority: no === 1 ? 2 : 1 }));
  try { rs.initiate({ _id: "rs0", members }); } catch (error) { if (!done(error)) throw error; }
  const admin = db.getSiblingDB("admin");
  const isPrimary = () => db.hello().isWritablePrimary;
  for (const until = Date.now() + 60000; !isPrimary(); sleep(200)) {
    if (Date.now() > until) throw new Error("mongo1 is not the primary");
  }
  const root = process.env.MONGO_ROOT_PASSWORD;
  try { admin.createUser({ user: "root", pwd: root, roles: ["root"] }); } catch (error) { if (!done(error)) throw error; }
  admin.auth("root", root);
  const own = db.getSiblingDB("registry");
  if (own.getUser("registry") === null) {
    own.createUser({ user: "registry", pwd: process.env.MONGO_REGISTRY_PASSWORD, roles: ["readWrite"] });
  }'
