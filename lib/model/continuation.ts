// Two connections that may be the two sides of a proxy. They are never joined: a proxy's sockets are its own, and what it does between is not seen.

export interface Continuation {
  readonly connection: string;
  readonly client: string;
  readonly server: string;
  /** `behind`: what the proxy opened for the connection asked about; `before`: for which it opened that one. */
  readonly side: 'behind' | 'before';
  /** What speaks for it, each a part of a sentence. */
  readonly grounds: readonly string[];
}
