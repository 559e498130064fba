using System.Xml;
using Dify.Core.Common;
using UglyToad.PdfPig.Core;

namespace Dify.Core.Knowledge.Extraction;

/// <summary>Runs a reader of files that may be broken or built to break it: within a time, and with a reason for a person.</summary>
internal sealed class BoundedReading(TimeProvider time)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    /// <param name="extension">For the message, without the dot.</param>
    /// <exception cref="DifyException"><c>invalid_param</c> with a reason for a person.</exception>
    public string Run(string extension, Func<CancellationToken, string> read, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limited.Cancel(), null, TimeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            return read(limited.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DifyException(
                ErrorCodes.InvalidParam, "Reading the file took too long. Split it into smaller files.", inner: exception);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            // Without the cause: what parsers say of hostile files must not be taken for a transient fault.
            throw DifyException.Invalid(
                $"The file could not be read as {extension}: it is damaged or not what its name says. Save it again and upload it anew.");
        }
    }

    /// <summary>What the parsers throw at files that are broken or built to break them.</summary>
    private static bool IsDamage(Exception exception) => exception is XmlException or InvalidDataException or PdfDocumentFormatException
        or FormatException or OverflowException or IndexOutOfRangeException or ArgumentException or InvalidOperationException
        or KeyNotFoundException or InvalidCastException or NullReferenceException or NotSupportedException
        or EndOfStreamException or ArithmeticException or AngleSharp.Dom.DomException
        or System.Security.Cryptography.CryptographicException or InsufficientExecutionStackException;
}
