using System.Buffers;
using System.Text;
using System.Text.Json;
using Dify.Core.Common;
using Dify.Core.Models;

namespace Dify.Core.Chat;

/// <summary>
/// The events of one answer in Dify's wire form. Every event is made into JSON once; what is the same in all of them
/// is prepared when the run begins.
/// </summary>
internal sealed class ChatEvents
{
    public const string Message = "message";
    public const string MessageEnd = "message_end";
    public const string Error = "error";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JsonDefaults.Wire.Encoder, SkipValidation = true };

    private readonly string _common;
    private readonly string _messageHead;

    public ChatEvents(Message message)
    {
        var id = message.Id.ToString();
        _common = $"\"task_id\":\"{message.RunId}\",\"id\":\"{id}\",\"message_id\":\"{id}\","
            + $"\"conversation_id\":\"{message.ConversationId}\",\"created_at\":{message.CreatedAt.ToUnixTimeSeconds()}";
        _messageHead = $"{{\"event\":\"message\",{_common},\"answer\":\"";
    }

    /// <summary><c>message</c>: a piece of the answer.</summary>
    public string Delta(string text) => string.Concat(_messageHead, JsonEncodedText.Encode(text, JsonDefaults.Wire.Encoder).Value, "\"}");

    /// <summary><c>message_end</c>: usage and citations; the answer is complete and stored.</summary>
    public string End(Message message)
    {
        using var metadata = new Metadata();
        MessageMetadata.Write(metadata.Writer, message);
        return $"{{\"event\":\"message_end\",{_common},\"metadata\":{metadata.Text()}}}";
    }

    /// <summary><c>error</c>: the answer ended early; HTTP stays 200.</summary>
    public string Failed(string code, string text, int status)
    {
        var encoder = JsonDefaults.Wire.Encoder;
        return $"{{\"event\":\"error\",{_common},\"status\":{status},\"code\":\"{JsonEncodedText.Encode(code, encoder)}\","
            + $"\"message\":\"{JsonEncodedText.Encode(text, encoder)}\"}}";
    }

    private sealed class Metadata : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1024);

        public Metadata() => Writer = new Utf8JsonWriter(_buffer, Writing);

        public Utf8JsonWriter Writer { get; }

        public string Text()
        {
            Writer.Flush();
            return Encoding.UTF8.GetString(_buffer.WrittenSpan);
        }

        public void Dispose() => Writer.Dispose();
    }
}
