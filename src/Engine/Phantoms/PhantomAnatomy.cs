using MedSeg.Engine.Runtime;

namespace MedSeg.Engine.Phantoms;

/// <summary>What a point of the phantom consists of.</summary>
internal enum Tissue : byte
{
    Air,
    Fat,
    Muscle,
    CorticalBone,
    Marrow,
    Disc,
    Csf,
    Cord,
    GrayMatter,
}

/// <summary>
/// One made-up neck. Lengths are in mm; x points to the right, y to the front and z up, with the origin in the middle of a
/// field of view of 64×64×48 mm. The cord runs along z on a curve of third degree.
/// </summary>
internal sealed class PhantomAnatomy
{
    /// <summary>Extent of the image along x, y and z in mm.</summary>
    public const double Width = 64, Depth = 64, Height = 48;

    private double _bodyX, _bodyY, _fat, _cordX, _cordY, _csf, _vertebraX, _vertebraY, _level, _airway;
    private double _x0, _x1, _x2, _y0, _y1, _y2, _y3;

    private PhantomAnatomy()
    {
    }

    /// <summary>The anatomy of one subject; it is the same in all its contrasts.</summary>
    public static PhantomAnatomy Of(int seed, int subject)
    {
        var random = new RandomStream(seed, subject, -1);
        return new PhantomAnatomy
        {
            _bodyX = random.NextUniform(27, 30.5),
            _bodyY = random.NextUniform(27, 30.5),
            _fat = random.NextUniform(2, 4.5),
            _cordX = random.NextUniform(5.6, 7.2),
            _cordY = random.NextUniform(4.2, 5.4),
            _csf = random.NextUniform(2.8, 3.8),
            _vertebraX = random.NextUniform(9, 11.5),
            _vertebraY = random.NextUniform(6.5, 8.5),
            _level = random.NextUniform(0, 1),
            _airway = random.NextUniform(2.5, 3.5),
            _x0 = random.NextUniform(-3, 3),
            _x1 = random.NextUniform(-0.08, 0.08),
            _x2 = random.NextUniform(-0.003, 0.003),
            _y0 = random.NextUniform(-7, -3),
            _y1 = random.NextUniform(-0.1, 0.1),
            _y2 = random.NextUniform(-0.006, 0.006),
            _y3 = random.NextUniform(-0.0001, 0.0001),
        };
    }

    /// <summary>The tissue at a point.</summary>
    public Tissue At(double x, double y, double z)
    {
        var body = Ellipse(x, y, _bodyX, _bodyY);
        if (body > 1)
            return Tissue.Air;
        var dx = x - (_x0 + (z * (_x1 + (z * _x2))));
        var dy = y - (_y0 + (z * (_y1 + (z * (_y2 + (z * _y3))))));
        if (Ellipse(dx, dy, _cordX, _cordY) <= 1)
            return InsideCord(dx, dy);
        if (Ellipse(dx, dy, _cordX + _csf, _cordY + _csf) <= 1)
            return Tissue.Csf;
        return Outside(x, y, dx, dy, z);
    }

    /// <summary>The butterfly of gray matter: two upright bars and a bridge.</summary>
    private Tissue InsideCord(double dx, double dy)
    {
        var side = Math.Abs(dx) - (0.36 * _cordX);
        var isGray = Ellipse(side, dy, 0.17 * _cordX, 0.62 * _cordY) <= 1
            || (Math.Abs(dx) < 0.36 * _cordX && Math.Abs(dy) < 0.12 * _cordY);
        return isGray ? Tissue.GrayMatter : Tissue.Cord;
    }

    private Tissue Outside(double x, double y, double dx, double dy, double z)
    {
        var wall = _csf + 1.8;
        var front = dy - (_cordY + wall + _vertebraY - 2.5);
        var vertebra = Ellipse(dx, front, _vertebraX, _vertebraY);
        if (vertebra <= 1)
            return InsideVertebra(vertebra, z);
        if (Ellipse(dx, dy, _cordX + wall, _cordY + wall) <= 1 || IsSpinousProcess(dx, dy, wall))
            return Tissue.CorticalBone;
        if (Ellipse(dx, front - (_vertebraY + _airway + 0.5), _airway, _airway) <= 1)
            return Tissue.Air;
        return Ellipse(x, y, _bodyX - _fat, _bodyY - _fat) > 1 ? Tissue.Fat : Tissue.Muscle;
    }

    /// <summary>Vertebrae of 12 mm with discs of 4 mm between them.</summary>
    private Tissue InsideVertebra(double radius, double z)
    {
        var level = ((z / 16) + _level + 8) % 1;
        if (level < 0.25)
            return Tissue.Disc;
        return radius > 0.8 ? Tissue.CorticalBone : Tissue.Marrow;
    }

    private bool IsSpinousProcess(double dx, double dy, double wall)
    {
        var back = -dy - (_cordY + wall);
        return back is > -1 and < 8 && Math.Abs(dx) < 2.2 - (0.15 * back);
    }

    private static double Ellipse(double x, double y, double a, double b) => ((x * x) / (a * a)) + ((y * y) / (b * b));
}
