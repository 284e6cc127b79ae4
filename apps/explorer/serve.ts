// `npm run explorer`: the built page on this machine alone.
import { fileURLToPath } from "node:url";
import { preview } from "vite";

const server = await preview({
  root: fileURLToPath(new URL("./", import.meta.url)),
  configFile: false,
  preview: { host: "localhost", port: Number(process.env.PORT ?? 4173) },
});
server.printUrls();
