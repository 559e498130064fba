namespace Dify.Tests.Benchmarks;

/// <summary>A measured value beside its target.</summary>
/// <param name="AtMost">True: the target is an upper limit; false: a lower one.</param>
internal sealed record Figure(string What, double Value, string Unit, double Target, bool AtMost)
{
    /// <summary>A value told for information only.</summary>
    public static Figure Note(string what, double value, string unit) => new(what, value, unit, double.NaN, true);

    public bool IsReached => double.IsNaN(Target) || (AtMost ? Value <= Target : Value >= Target);
}
