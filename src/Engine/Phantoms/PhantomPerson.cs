using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Phantoms;

/// <summary>What participants.tsv says about a made-up participant.</summary>
internal sealed record PhantomPerson(int Age, string Sex, string Institution)
{
    private static readonly string[] Institutions = ["north", "south", "east"];

    /// <summary>Institutions take turns, so that every split has several.</summary>
    public static PhantomPerson Of(int seed, int subject)
    {
        var random = new RandomStream(seed, subject, -2);
        return new PhantomPerson(20 + random.Next(51), random.Next(2) == 0 ? "F" : "M", Institutions[subject % Institutions.Length]);
    }
}
