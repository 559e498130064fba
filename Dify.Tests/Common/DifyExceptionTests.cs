using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Common;

public sealed class DifyExceptionTests
{
    [Fact]
    public void Something_that_is_not_found_answers_404()
    {
        Assert.Equal(404, DifyException.NotFound("No such app.").Status);
    }
}
