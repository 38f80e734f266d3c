/** The tracker's global as tests use it inside pages. */

interface Window {
  tracker: {
    track(name: string, ...rest: unknown[]): string | undefined;
    flush(): Promise<unknown>;
    on(what: string, listener: (seen: unknown) => void): () => void;
  };
}
