package io.trc.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;

/**
 * Whoever read standard output has gone. That is no failure to speak of, but there is nothing more
 * to do: other programs are ended by SIGPIPE.
 */
final class ReaderGone extends IOException {
  private static final long serialVersionUID = 1L;

  private ReaderGone(IOException cause) {
    super(cause.getMessage(), cause);
  }

  /** Standard output, made to tell this failure from the others. */
  static OutputStream telling(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw isBrokenPipe(e) ? new ReaderGone(e) : e;
        }
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }
    };
  }

  /**
   * Java tells the reason only by the system's text, which is in the user's language: so a pipe is
   * broken to see it.
   */
  private static boolean isBrokenPipe(IOException failure) throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().close();
    try (Pipe.SinkChannel sink = pipe.sink()) {
      sink.write(ByteBuffer.allocate(1));
      return false;
    } catch (IOException broken) {
      return String.valueOf(broken.getMessage()).equals(failure.getMessage());
    }
  }
}
