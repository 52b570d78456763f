using System.Globalization;
using BitMiracle.LibTiff.Classic;

namespace MedSeg.Engine.Imaging;

/// <summary>One open TIFF file as LibTiff reads it, piece by piece, with what LibTiff says about it.</summary>
internal sealed class TiffInput(Stream content)
{
    public Stream Content { get; } = content;

    /// <summary>The first error that LibTiff reported, empty when none.</summary>
    public string FirstError { get; private set; } = "";

    /// <summary>LibTiff writes to the console unless it is given a handler, and it has one handler for all files.</summary>
    public static void KeepQuiet() => Tiff.SetErrorHandler(Handler.Instance);

    private sealed class Handler : TiffErrorHandler
    {
        public static Handler Instance { get; } = new();

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
            if (clientData is TiffInput { FirstError: "" } input)
                input.FirstError = string.Format(CultureInfo.InvariantCulture, format, args);
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }

    /// <summary>Gives LibTiff the bytes; it never writes.</summary>
    public sealed class Reader : TiffStream
    {
        public override int Read(object clientData, byte[] buffer, int offset, int count) =>
            ((TiffInput)clientData).Content.Read(buffer, offset, count);

        public override void Write(object clientData, byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(object clientData, long offset, SeekOrigin origin) =>
            offset < 0 ? -1 : ((TiffInput)clientData).Content.Seek(offset, origin);

        public override void Close(object clientData) => ((TiffInput)clientData).Content.Dispose();

        public override long Size(object clientData) => ((TiffInput)clientData).Content.Length;
    }
}
