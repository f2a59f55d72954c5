import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useConsole } from '../console-context.ts';
import { adoptCommand } from './adopt-command.ts';

type Copied = 'not' | 'copied' | 'by-hand';

/** The command that registers a device, to be copied; where the browser may not (a page without TLS), to be selected. */
export const Adopt = ({ address }: { readonly address: string }): JSX.Element => {
  const { speech } = useConsole();
  const [copied, setCopied] = useState<Copied>('not');
  const command = adoptCommand(address);
  const copy = (): void => {
    // Absent where the page is not secure, whatever the types say.
    const { clipboard }: { readonly clipboard?: Clipboard } = navigator;
    if (clipboard === undefined) setCopied('by-hand');
    else
      clipboard.writeText(command).then(
        () => setCopied('copied'),
        () => setCopied('by-hand'),
      );
  };
  if (copied === 'by-hand') {
    return (
      <input
        class="adopt"
        readOnly
        value={command}
        aria-label={speech.say('devices.adopt')}
        ref={(input) => input?.select()}
        onFocus={(event) => event.currentTarget.select()}
      />
    );
  }
  return (
    <button type="button" class="value" title={command} onClick={copy}>
      <span class="value-figure">{speech.say(copied === 'copied' ? 'devices.copied' : 'devices.adopt')}</span>
      <span class="value-name">muster devices adopt</span>
    </button>
  );
};
