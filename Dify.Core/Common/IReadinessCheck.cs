namespace Dify.Core.Common;

/// <summary>A part that has to be reachable before the program can do its work; asked by <c>/health/ready</c>.</summary>
public interface IReadinessCheck
{
    /// <summary>As shown to operators: <c>store</c>, <c>queue</c>, <c>index</c>.</summary>
    string Name { get; }

    /// <summary>Null when all is well, else a short reason without addresses or secrets.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken = default);
}
