/** The only source of randomness inside modules. */
export interface Random {
  /** 128 random bits as 32 lower-case hexadecimal digits. */
  nonce(): string;
}
