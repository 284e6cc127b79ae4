// What the bundle takes for node:child_process. commander loads it for commands that are programs of their own, of which
// there are none here, and loading it costs a tenth of the start-up.
export {};
