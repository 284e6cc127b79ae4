// Keeps the whole page for when there is no network. The build fills in what to keep.
const NAME = `ptekit-${"VERSION"}`;
const FILES = ["FILES"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FILES)));
});

// A newer version takes over when the reader says so, or when no page of the older one is open any more.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("ptekit-") && name !== NAME;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(
    caches.open(NAME).then((cache) =>
      cache.match(event.request, { ignoreSearch: true, ignoreVary: true }).then(
        (found) =>
          found ??
          // The documents are many: one is kept when it is read.
          fetch(event.request).then((answer) => {
            if (answer.ok) cache.put(event.request, answer.clone());
            return answer;
          }),
      ),
    ),
  );
});
