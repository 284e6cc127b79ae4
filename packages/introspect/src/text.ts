/** A text up to its first zero byte, one character a byte: a stranger's bytes, so never for a terminal as they are. */
export function latin1(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const whole = end < 0 ? bytes : bytes.subarray(0, end);
  let text = "";
  for (let at = 0; at < whole.length; at += 4096)
    text += String.fromCharCode(...whole.subarray(at, at + 4096));
  return text;
}

/** The bytes of a name of the kernel's. */
export const bytesOf = (name: string): Uint8Array =>
  Uint8Array.from(name, (character) => character.charCodeAt(0));

export const hex = (value: bigint): string => `0x${value.toString(16)}`;
