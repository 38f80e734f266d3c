/** A whole server: the app with its port and its control socket. */
import { type App, openApp } from './app.ts';
import type { ServerConfig } from './config.ts';
import { controlPath, openControlSocket } from './control-socket.ts';
import { closeServer, listening, urlOf } from './listen.ts';
import type { Log } from './log.ts';

/** A running server. */
export interface RunningServer {
  app: App;
  /** Base URL for browsers. */
  url: string;
  /** One-time link that makes the first owner; null once there is one. */
  setup_url: string | null;
  /** Stops accepting, drains, closes. */
  stop(): Promise<void>;
}

/** What a start may be told besides. */
export interface StartOptions {
  /** Done when everything is loaded and nobody can ask yet. */
  beforeListening?: () => Promise<void>;
}

/** Starts a server. Throws DataOwnedError, SettingError, or an Error in words. */
export async function startServer(config: ServerConfig, log: Log, options: StartOptions = {}): Promise<RunningServer> {
  const app = await openApp(config, log);
  const { server } = app.api;
  try {
    await options.beforeListening?.();
    await listening(server, { host: config.host, port: config.port });
    const own_url = urlOf(server, config.host);
    app.backend.own_url = own_url;
    const control = await openControlSocket(app.api, controlPath(config.data_dir));
    const url = config.public_url ?? own_url;
    const path = await app.setupPath();
    const stop = async (): Promise<void> => {
      app.backend.live.end();
      await control.close();
      await closeServer(server);
      await app.close();
    };
    return { app, url, setup_url: path === null ? null : `${url}${path}`, stop };
  } catch (error) {
    await closeServer(server);
    await app.close();
    throw error;
  }
}

/** The API for one command. */
export interface CommandServer {
  /** Where the command, and nobody else, asks. */
  socketPath: string;
  stop(): Promise<void>;
}

/** Opens the data folder for one command while no server runs: the same API, on the control socket alone. */
export async function openForCommand(config: ServerConfig, log: Log): Promise<CommandServer> {
  const app = await openApp(config, log);
  try {
    const socketPath = controlPath(config.data_dir, `command-${process.pid}.sock`);
    const control = await openControlSocket(app.api, socketPath);
    return {
      socketPath,
      async stop() {
        await control.close();
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}
