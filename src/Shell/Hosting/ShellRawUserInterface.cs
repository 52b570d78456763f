using System.Management.Automation.Host;

namespace MedSeg.Shell.Hosting;

/// <summary>The size of the terminal, which is all that formatting asks for.</summary>
internal sealed class ShellRawUserInterface : PSHostRawUserInterface
{
    private const int WidthWithoutTerminal = 120;
    private const int HeightWithoutTerminal = 50;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => Console.IsOutputRedirected || Console.WindowWidth <= 0
            ? new Size(WidthWithoutTerminal, HeightWithoutTerminal)
            : new Size(Console.WindowWidth, Console.WindowHeight);
        set => throw Refused();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw Refused();
    }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override bool KeyAvailable => false;

    public override string WindowTitle { get; set; } = "medseg";

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw Refused();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw Refused();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw Refused();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw Refused();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw Refused();

    private static NotSupportedException Refused() => new("medseg leaves the terminal's buffer and keys alone.");
}
