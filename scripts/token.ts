import { Command, CommanderError } from 'commander';
import { loadEnvironment, readConfig } from '../src/config/config.ts';
import { isFailure } from '../src/kernel/failure.ts';
import { signDevelopmentToken } from '../src/modules/access/index.ts';

interface Options {
  readonly role: string;
  readonly org: string;
  readonly country: string;
  readonly sub: string;
  readonly expires: string;
}

const USAGE = 2;
const COULD_NOT_RUN = 3;

const command = new Command('token')
  .description('Prints one token signed with the development key in DATA_DIR. Never for production.')
  .requiredOption('--role <role>', 'exporter, customs, regulator or operator')
  .requiredOption('--org <org>', 'organisation, such as acme')
  .requiredOption('--country <code>', 'ISO 3166-1 alpha-2, such as TW')
  .requiredOption('--sub <name>', 'who asks, such as clerk-1')
  .option('--expires <duration>', 'such as 30m, 1h or 7d', '1h')
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    '\nExample:\n  npx pill-press-registry token --role exporter --org acme --country TW --sub clerk-1 --expires 1h',
  )
  .exitOverride();

/** Prints the token and answers the exit code: 0, 2 for wrong usage, 3 when it must not or cannot be made. */
function run(): number {
  const options = command.parse().opts<Options>();
  const config = readConfig(loadEnvironment());
  if (config.production || config.jwtJwks !== undefined) {
    console.error('Development tokens are not made when NODE_ENV is production or JWT_JWKS is set.');
    return COULD_NOT_RUN;
  }
  const { dataDir, jwtIssuer: issuer, jwtAudience: audience } = config;
  const clock = { now: () => new Date().toISOString() };
  console.log(signDevelopmentToken({ ...options, dataDir, issuer, audience, clock }));
  return 0;
}

try {
  process.exitCode = run();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else if (isFailure(error, 'token-request-invalid')) {
    for (const { field, message } of error.faults) console.error(`error: option --${field} ${message}`);
    process.exitCode = USAGE;
  } else {
    console.error(`No development token is made: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = COULD_NOT_RUN;
  }
}
