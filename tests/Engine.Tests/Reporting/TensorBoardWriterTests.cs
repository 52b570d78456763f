using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using MedSeg.Engine.Reporting;
using MedSeg.Engine.Tests.Support;
using Xunit;

namespace MedSeg.Engine.Tests.Reporting;

public class TensorBoardWriterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 250, TimeSpan.Zero);

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xE3069283u)]
    public void Checksum_is_crc32c_under_the_formats_mask(string text, uint crc)
    {
        // Check value of CRC-32C (RFC 3720), after the mask has been undone by its own definition.
        uint rotated = TensorBoardRecord.MaskedCrc(Encoding.ASCII.GetBytes(text)) - 0xa282ead8u;
        Assert.Equal(crc, (rotated >> 17) | (rotated << 15));
    }

    [Fact]
    public void Events_carry_time_step_tag_and_value()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, writer =>
        {
            writer.Scalar("losses/train_loss", 3, -0.75);
            writer.Scalar("learning_rate", 4, 1e-3);
        });
        var events = Read(path);
        Assert.Equal(3, events.Count);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(("losses/train_loss", -0.75f, 3L), (events[1].Tag, events[1].Value, events[1].Step));
        Assert.Equal(("learning_rate", 1e-3f, 4L), (events[2].Tag, events[2].Value, events[2].Step));
        Assert.All(events, e => Assert.Equal(1767323045.25, e.WallTime));
    }

    [Fact]
    public void Undefined_numbers_are_left_out()
    {
        using var folder = new TemporaryFolder();
        Assert.Single(Read(Write(folder, writer =>
        {
            writer.Scalar("x", 1, null);
            writer.Scalar("x", 1, double.NaN);
        })));
    }

    [Fact]
    public void A_restart_says_from_which_step_on_and_uses_a_new_file()
    {
        using var folder = new TemporaryFolder();
        string first = Write(folder, _ => { });
        string second = Write(folder, _ => { }, restartStep: 7);
        Assert.NotEqual(first, second);
        Assert.Equal((true, 7L), (Read(second)[1].SessionStart, Read(second)[1].Step));
    }

    [Fact]
    public void Events_can_be_read_while_the_writer_is_open()
    {
        using var folder = new TemporaryFolder();
        using var writer = new TensorBoardWriter(folder.Path);
        writer.Scalar("x", 1, 1);
        Assert.Equal(2, Read(writer.Path).Count);
    }

    [Fact]
    public void A_full_disk_is_one_warning_and_no_more_events()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        var file = new FullDisk(room: 2);
        using (var writer = new TensorBoardWriter(_ => file, folder.Path, null, new FixedClock(), warnings.Add))
        {
            for (int step = 1; step <= 5; step++) writer.Scalar("x", step, 1);
            Assert.Contains(writer.Path, Assert.Single(warnings), StringComparison.Ordinal);
        }

        Assert.Equal(3, file.Writes);
        Assert.True(file.Closed);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_one_warning()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        using var writer = new TensorBoardWriter(folder.File("absent"), clock: new FixedClock(), warn: warnings.Add);
        writer.Scalar("x", 1, 1);
        Assert.Single(warnings);
    }

    /// <summary>Takes so many writes, then refuses.</summary>
    private sealed class FullDisk(int room) : MemoryStream
    {
        public int Writes { get; private set; }

        public bool Closed { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count();

        public override void Write(byte[] buffer, int offset, int count) => Count();

        protected override void Dispose(bool disposing)
        {
            Closed = true;
            base.Dispose(disposing);
        }

        private void Count()
        {
            if (++Writes > room) throw new IOException("No space left on device", 28);
        }
    }

    private sealed record Event(double WallTime, long Step, string? Version, string? Tag, float Value, bool SessionStart);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private static string Write(TemporaryFolder folder, Action<TensorBoardWriter> write, long? restartStep = null)
    {
        using var writer = new TensorBoardWriter(folder.Path, restartStep, new FixedClock());
        write(writer);
        return writer.Path;
    }

    /// <summary>Reads records as their format document says, checking both checksums.</summary>
    private static List<Event> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        ReadOnlySpan<byte> file = copy.ToArray();
        var events = new List<Event>();
        while (file.Length > 0)
        {
            int length = checked((int)BinaryPrimitives.ReadInt64LittleEndian(file));
            Assert.Equal(TensorBoardRecord.MaskedCrc(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            byte[] message = file.Slice(12, length).ToArray();
            Assert.Equal(TensorBoardRecord.MaskedCrc(message), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Parse(message));
            file = file[(16 + length)..];
        }

        return events;
    }

    private static Event Parse(byte[] message)
    {
        var result = new Event(0, 0, null, null, 0, false);
        var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            result = WireFormat.GetTagFieldNumber(tag) switch
            {
                1 => result with { WallTime = input.ReadDouble() },
                2 => result with { Step = input.ReadInt64() },
                3 => result with { Version = input.ReadString() },
                5 => ParseValue(result, Inner(Inner(input.ReadBytes()).ReadBytes())),
                7 => result with { SessionStart = Inner(input.ReadBytes()).ReadInt32() == 1 },
                _ => throw new InvalidDataException($"Unexpected field {tag >> 3}."),
            };
        }

        return result;
    }

    private static Event ParseValue(Event result, CodedInputStream value)
    {
        string name = value.ReadString();
        Assert.Equal((2 << 3) | 5u, value.ReadTag());
        return result with { Tag = name, Value = value.ReadFloat() };
    }

    /// <summary>A message after the tag of its first field, which the caller knows.</summary>
    private static CodedInputStream Inner(ByteString bytes)
    {
        var input = new CodedInputStream(bytes.ToByteArray());
        input.ReadTag();
        return input;
    }
}
