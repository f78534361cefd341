export { ensureDevelopmentKeys, type DevelopmentKeys } from './development-keys.files.ts';
export { signDevelopmentToken, type DevelopmentTokenRequest } from './development-token.jwt.ts';
export type { KeySource } from './key-set.ts';
export { openKeySource } from './key-source.ts';
export { isAction, isAllowed, permit, permitReading, POLICY, type Action } from './policy.ts';
export { createTokenVerifier, type TokenVerifier } from './token.jwt.ts';
