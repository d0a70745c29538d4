/** The browser asked the reader for a passkey, and there is none: they went away, or have none for this shop. */
export class PasskeyNotUsed extends Error {
  constructor(cause: unknown) {
    super('No passkey was used. Try again, or choose another way', { cause });
    this.name = 'PasskeyNotUsed';
  }
}

/** Runs what asks the browser for a passkey; throws `PasskeyNotUsed` where it gives none. */
export async function withPasskeyErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidStateError') {
      throw new Error('This device has a passkey of your account already', { cause: error });
    }
    throw new PasskeyNotUsed(error);
  }
}
